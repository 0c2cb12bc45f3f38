"""What the results say of each question: bars of agreement, how often each answer was given, and the change."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.core.web.formats import show_number
from portal.surveys.labels import ITEM_KINDS
from portal.surveys.naming import Names, show_figure, show_share, wave_name, withheld
from portal.surveys.rules.documents import LIKERT, NUMBER, TEXT
from portal.surveys.rules.drawing import draw_likert
from portal.surveys.rules.verdicts import Result, is_withheld
from portal.surveys.showing.changes import change_table, whys
from portal.surveys.showing.tables import Cell, Column, Fold, Section, Table, row, texts
from portal.surveys.telling_words import show_end

MISSING = {
    "dk": _l("Don't know"),
    "refused": _l("Prefer not to say"),
    "none": _l("No answer"),
    "unasked": _l("Not asked, because of an earlier answer"),
}
TONES = (
    ("no-2", _l("Lowest step")),
    ("no-1", _l("Lower steps")),
    ("mid", _l("Middle step")),
    ("yes-1", _l("Higher steps")),
    ("yes-2", _l("Highest step")),
)


def item_section(result: Result, names: Names) -> Section:
    """All that is known of single questions."""
    items = [each for each in result.get("items") or [] if _answered(each)]
    changes = [(names.numbered(each["key"]), each.get("change")) for each in items]
    change = change_table(_("Change of single questions"), _("Question"), changes)
    tables = [_bars(items, names), _numbers(items, names), change]
    counts = [_answers(each, names) for each in items if _has_counts(each)]
    return Section(
        key="items",
        title=_("Single questions"),
        sentences=whys(changes),
        tables=[each for each in tables if each.rows],
        folds=[Fold(_("How often each answer was given"), tables=counts)] if counts else [],
    )


def _answered(item: Result) -> bool:
    """Whether anything is told of the item at all."""
    return bool(item.get("waves"))


def _has_counts(item: Result) -> bool:
    return any(not is_withheld(wave) and wave.get("counts") for wave in item["waves"].values())


def _bars(items: Sequence[Result], names: Names) -> Table:
    columns = [
        Column(_("Question"), 5),
        Column(_("Wave"), 2),
        Column(_("Answers"), 2, number=True),
        Column(_("Low"), 2, number=True),
        Column(_("Middle"), 2, number=True),
        Column(_("High"), 2, number=True),
        Column(_("Median (quartiles)"), 3, number=True),
        Column(_("Low ← middle → high"), 5),
    ]
    rows = [
        _bar(names.numbered(item["key"]), wave_name(key), wave, names.choices(item["key"]), len(columns))
        for item in items
        if item["kind"] == LIKERT
        for key, wave in item["waves"].items()
    ]
    return Table(_("Answers in steps"), columns, rows, [(tone, str(said)) for tone, said in TONES])


def _bar(name: str, wave_said: str, wave: Result, steps: Sequence[str], width: int) -> list[Cell]:
    if is_withheld(wave):
        return row([name, wave_said], wave, (), width)
    # A step that an older version of the questionnaire had is counted as well.
    counted = wave.get("counts") or {}
    steps = steps if set(counted) <= {*steps} else sorted(counted, key=int)
    counts = [counted.get(step, 0) for step in steps]
    total, half, middle = sum(counts), len(counts) // 2, len(counts) % 2
    shares = (sum(counts[:half]), sum(counts[half : half + middle]), sum(counts[half + middle :]))
    said = [show_share(each, total) for each in shares]
    return [*texts([name, wave_said, show_number(wave["n"]), *said, _quartiles(wave)]), Cell(bar=draw_likert(counts))]


def _numbers(items: Sequence[Result], names: Names) -> Table:
    columns = [
        Column(_("Question"), 5),
        Column(_("Wave"), 2),
        Column(_("Answers"), 2, number=True),
        Column(_("Average"), 2, number=True),
        Column(_("Standard deviation"), 2, number=True),
        Column(_("Median (quartiles)"), 3, number=True),
    ]
    rows = [
        row([names.numbered(item["key"]), wave_name(key)], wave, _number(wave), len(columns))
        for item in items
        if item["kind"] in (NUMBER, TEXT)
        for key, wave in item["waves"].items()
    ]
    return Table(_("Numbers and open answers"), columns, rows)


def _number(wave: Result) -> list[str]:
    if is_withheld(wave):
        return []
    return [show_number(wave["n"]), show_figure(wave.get("mean")), show_figure(wave.get("sd")), _quartiles(wave)]


def _quartiles(wave: Result) -> str:
    """The answer in the middle, and those between which half of the answers lie; "–" where answers have no order."""
    found = wave.get("quartiles")
    if not found:
        return show_figure(None)
    low, middle, high = map(show_end, found)
    return str(_("%(median)s (%(low)s to %(high)s)", median=middle, low=low, high=high))


def _answers(item: Result, names: Names) -> Table:
    """How often each answer to the item was given in each wave, and how often none was."""
    waves = item["waves"]
    columns = [Column(_("What was answered"), 4), *(Column(wave_name(key), 3, number=True) for key in waves)]
    known = names.choices(item["key"])
    counted = [key for wave in waves.values() for key in (wave.get("counts") or {}) if key not in known]
    keys = [*known, *dict.fromkeys(counted)]
    rows = [texts([names.choice(item["key"], key), *(_count(wave, key) for wave in waves.values())]) for key in keys]
    rows += list(_missing(waves))
    kind = ITEM_KINDS.get(item["kind"], item["kind"])
    return Table(f"{names.numbered(item['key'])} ({kind})", columns, rows)


def _count(wave: Result, key: str) -> str:
    if is_withheld(wave):
        return withheld()
    number = (wave.get("counts") or {}).get(key, 0)
    return f"{show_number(number)} ({show_share(number, wave['n'])})"


def _missing(waves: Mapping[str, Any]) -> Iterator[list[Cell]]:
    """How many did not answer, by why not; of hidden questions only where there are any."""
    for key, said in MISSING.items():
        numbers = [None if is_withheld(wave) else (wave.get("missing") or {}).get(key, 0) for wave in waves.values()]
        if key != "unasked" or any(numbers):
            yield texts([str(said), *(withheld() if each is None else show_number(each) for each in numbers)])
