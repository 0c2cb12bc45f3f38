"""The forms of waves."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField

from portal.core.forms import DayField, Form, TextField, VersionField, at_most, required
from portal.surveys.queries.studies import WaveRow
from portal.surveys.rules.places import LONGEST_KEY
from portal.surveys.rules.wave_drafts import WaveDraft


class WaveForm(Form):
    """A wave's days, and whether its open link leads in."""

    opens_on = DayField(_l("First day"))
    last_day = DayField(_l("Last day"))
    has_open_link = BooleanField(_l("Everybody who has the link may answer"))
    version = VersionField()

    def draft(self, key: str) -> WaveDraft:
        """What the form states."""
        return WaveDraft(key, self.opens_on.data, self.last_day.data, bool(self.has_open_link.data))


class NewWaveForm(WaveForm):
    """A wave that is not there yet."""

    key = TextField(_l("Key"), [required(), at_most(LONGEST_KEY)])


class DecideForm(Form):
    """Opening or closing a wave by hand, or leaving it to its days."""

    by_hand = HiddenField(_l("Decision"))
    version = VersionField()


class RemoveWaveForm(Form):
    """The confirmation that a wave goes."""

    version = VersionField()


def wave_values(wave: WaveRow) -> dict[str, Any]:
    """What the form of a stored wave shows at first."""
    return {name: getattr(wave, name) for name in ("opens_on", "last_day", "has_open_link", "version")}
