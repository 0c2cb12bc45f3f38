"""Setting documents with typst: our layouts, and what stands in them as data.

What people wrote reaches a layout as values of a JSON text and is never part of its source, so it is printed as it
stands and never carried out. Layouts see the files of their own folder only, and the fonts that come with typst.

Typst hangs in a process forked after it has set something: set documents where nothing is forked afterwards.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

LAYOUTS = Path(__file__).parent / "layouts"

# Invisible characters that turn the direction of what follows them, figures included.
TURNING = dict.fromkeys(map(ord, "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))


def typeset(layout: str, content: Mapping[str, Any], *, now: datetime) -> bytes:
    """The PDF that the layout of this name makes of the content, dated `now`.

    The content is what JSON can hold; every layout reads `language` (two letters), `title` and `project` from it.
    """
    import typst

    pdf = typst.compile(
        LAYOUTS / f"{layout}.typ",
        root=LAYOUTS,
        ignore_system_fonts=True,
        sys_inputs={"content": json.dumps(content, ensure_ascii=False).translate(TURNING)},
        timestamp=int(now.timestamp()),
    )
    return bytes(pdf)
