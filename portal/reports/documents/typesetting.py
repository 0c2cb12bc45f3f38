"""Setting documents with typst: our layouts, and what stands in them as data.

What people wrote reaches a layout as values of a JSON text and is never part of its source, so it is printed as it
stands and never carried out. Layouts see the files of their own folder only, and the fonts that come with typst.

Typst hangs in a process forked after it has set something: set documents where nothing is forked afterwards.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

LAYOUTS = Path(__file__).parent / "layouts"

# Invisible characters that turn the direction of what follows them, figures included.
TURNING = dict.fromkeys(map(ord, "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))


def typeset(layout: str, content: Mapping[str, Any], *, now: datetime) -> bytes:
    """The PDF that the layout of this name makes of the content, dated `now`.

    The content is what JSON can hold; every layout reads `language` (two letters), `title` and `project` from it.
    """
    return next(typeset_each(layout, [content], now=now))


def typeset_each(layout: str, contents: Iterable[Mapping[str, Any]], *, now: datetime) -> Iterator[bytes]:
    """The PDF of each of the contents, in order; faster than one by one, as fonts and layout are read once."""
    import typst

    compiler = typst.Compiler(root=LAYOUTS, ignore_system_fonts=True)
    for content in contents:
        pdf = compiler.compile(
            LAYOUTS / f"{layout}.typ",
            sys_inputs={"content": json.dumps(content, ensure_ascii=False).translate(TURNING)},
            timestamp=int(now.timestamp()),
        )
        # Only a document of several images comes as a list.
        yield cast(bytes, pdf)


# Each page of one document as a page of its own; the files are numbered from 0.
COMBINED = """#set page(margin: 0pt, width: 297mm, height: 210mm)
#let last = int(sys.inputs.last)
#for number in range(last + 1) { image(str(number) + ".pdf", width: 100%) }
"""


def combine(pdfs: Sequence[bytes]) -> bytes:
    """One PDF of all these, which have one landscape A4 page each, in their order."""
    import typst

    with TemporaryDirectory(prefix="portal-") as name:
        folder = Path(name)
        for number, pdf in enumerate(pdfs):
            (folder / f"{number}.pdf").write_bytes(pdf)
        source = folder / "all.typ"
        source.write_text(COMBINED, encoding="utf-8")
        inputs = {"last": str(len(pdfs) - 1)}
        return typst.compile(source, root=folder, ignore_system_fonts=True, sys_inputs=inputs)


# Each drawing on a page of its own.
DRAWINGS = """#let content = json(bytes(sys.inputs.content))
#set page(margin: 0pt, fill: none, width: content.width * 1mm, height: content.height * 1mm)
#for (number, each) in content.drawings.enumerate() {
  if number > 0 { pagebreak() }
  image(bytes(each), format: "svg", width: 100%, height: 100%, fit: "stretch")
}
"""
PIXELS_PER_INCH = 200


def draw_pictures(drawings: Sequence[str], width_mm: int, height_mm: int) -> list[bytes]:
    """Each of these SVG drawings as a picture (PNG) of this size, for documents that hold no drawings."""
    import typst

    if not drawings:
        return []
    content = {"width": width_mm, "height": height_mm, "drawings": drawings}
    drawn = typst.compile(
        DRAWINGS.encode(),
        format="png",
        ppi=PIXELS_PER_INCH,
        ignore_system_fonts=True,
        sys_inputs={"content": json.dumps(content, ensure_ascii=False)},
    )
    # A single page does not come as a list.
    return [drawn] if isinstance(drawn, bytes) else cast(list[bytes], drawn)
