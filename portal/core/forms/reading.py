"""The field whose text a rule reads."""

from collections.abc import Sequence
from typing import Any

from wtforms import Field
from wtforms.widgets import TextInput

from portal.core.errors import InvalidInput
from portal.core.sentences import sentence


class ReadField(Field):
    """A line of text, or nothing; `data` is what `read` makes of it, None where it is empty or cannot be read."""

    widget = TextInput()

    def read(self, text: str) -> Any:
        """What the text means, which is not empty; raise InvalidInput."""
        raise NotImplementedError

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read what was typed; say why it cannot be read."""
        text = (valuelist[0] if valuelist else "").strip()
        self.data = None
        if not text:
            return
        try:
            self.data = self.read(text)
        except InvalidInput as refusal:
            raise ValueError(sentence(refusal.problem)) from refusal
