"""What readers must know before they believe the results: each warning once, with all the places that it is about."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.core.web.formats import show_list, show_number
from portal.surveys import result_words as words
from portal.surveys.naming import Names, quoted, show_figure, show_pairs, show_share, wave_name
from portal.surveys.rules.gathering import Gathered, gather
from portal.surveys.rules.verdicts import Result
from portal.surveys.showing.tables import Section

OF_WAVES = ("wave-too-small", "few-answers", "weights-level-empty", "weights-few", "weights-impossible")
OF_GROUPS = ("levels-hidden", "weights-outdated")
OF_ITEMS = ("looks-reversed", "many-missing")


def warning_section(result: Result, names: Names) -> Section:
    """What the analysis warns of."""
    lines = [_said(each, names) for each in gather(result.get("warnings") or [])]
    return Section("warnings", _("Look at this first"), lines=lines)


def _said(warning: Gathered, names: Names) -> str:
    """The warning as a sentence; the bare code of one that has none."""
    sentence = words.WARNINGS.get(warning.code)
    if sentence is None:
        return warning.code
    values = {name: _value(name, each, names) for name, each in warning.values.items()}
    ranged = {name: _range(name, each) for name, each in warning.ranged.items()}
    if warning.code == "low-alpha" and len(warning.where) > 1:
        alphas = [(names.scale(key), _range("alpha", each["alpha"])) for key, each in warning.by_place.items()]
        ranged["alpha"] = ", ".join(f"{quoted(name)} {alpha}" for name, alpha in alphas)
    waves = show_list([wave_name(key) for key in warning.waves])
    return str(sentence) % {**values, **ranged, "wave": waves, "where": _where(warning, names)}


def _where(warning: Gathered, names: Names) -> str:
    """What the warning is about: waves, groups, items or scales."""
    if warning.code in OF_ITEMS:
        return _items(warning.where, names)
    name = wave_name if warning.code in OF_WAVES else names.group if warning.code in OF_GROUPS else names.scale
    return show_list([name(key) for key in warning.where])


def _items(keys: Sequence[str], names: Names) -> str:
    """A question by its number and words; several by their numbers alone."""
    numbers = [names.number(key) for key in keys]
    if None in numbers:
        return show_list([quoted(names.item(key)) for key in keys])
    shown = show_list([show_number(number) for number in numbers])
    said = str(ngettext("Question %(numbers)s", "Questions %(numbers)s", len(keys), numbers=shown))
    return f"{said} {quoted(names.item(keys[0]))}" if len(keys) == 1 else said


def _value(name: str, value: Any, names: Names) -> str:
    if name == "scale":
        return names.scale(value)
    if name == "level":
        return names.level(*value)
    if name == "groups":
        return show_list([quoted(names.group(key)) for key in value])
    if name == "matched":
        return show_pairs(value)
    if name == "items":
        return show_list([quoted(names.item(key)) for key in value]) or "–"
    return show_figure(value, 1 if name == "expected" else 2) if isinstance(value, float) else str(value)


def _range(name: str, ends: tuple[float, float]) -> str:
    """One value, or the lowest and the highest of several."""
    low, high = (show_share(round(1000 * end), 1000) if name == "share" else show_figure(end) for end in ends)
    return low if low == high else str(_("%(low)s to %(high)s", low=low, high=high))
