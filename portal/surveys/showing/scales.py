"""What the results say of each scale: averages with intervals, the change, groups and contrasts, reliability."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from flask_babel import gettext as _

from portal.core.web.formats import show_list, show_number
from portal.core.web.language import LANGUAGES
from portal.surveys.naming import Names, quoted, show_figure, show_interval, show_p, show_signed, wave_name
from portal.surveys.rules.drawing import Axis, draw_span, widest_axis
from portal.surveys.rules.telling import tell_scale
from portal.surveys.rules.verdicts import Result, is_withheld
from portal.surveys.showing.changes import change_table, correction_note, whys
from portal.surveys.showing.tables import Cell, Column, Fold, Section, Table, row, texts
from portal.surveys.telling_words import EVERYBODY, say, show_end


class Whom(NamedTuple):
    """Everybody, or a level of a group, with the figures of it."""

    name: str
    figures: Result


def scale_section(result: Result, scale: Result, names: Names) -> Section:
    """All that is known of one scale."""
    everybody, *levels = _whom(scale, names)
    changes = [(each.name, _change(each.figures)) for each in (everybody, *levels)]
    tables = [_means(scale, [everybody]), change_table(_change_caption(result), _("Who"), changes[:1])]
    return Section(
        key=f"scale-{scale['key']}",
        title=names.scale(scale["key"]),
        sentences=[" ".join(say(tell_scale(result, scale), names)), *whys(changes, str(EVERYBODY))],
        tables=_filled(tables),
        folds=_folds(result, scale, names, levels),
    )


def _folds(result: Result, scale: Result, names: Names, levels: Sequence[Whom]) -> list[Fold]:
    """The groups, then the questions and how well they hang together."""
    changes = [(each.name, _change(each.figures)) for each in levels]
    groups = [
        _means(scale, levels),
        change_table(_change_caption(result), _("Who"), changes),
        _contrasts(scale, names),
    ]
    found = [
        Fold(_("Groups: averages, changes and differences"), tables=_filled(groups)),
        Fold(_("Questions of this scale and its reliability"), _made_of(scale, names), _filled([_reliability(scale)])),
    ]
    return [each for each in found if each.lines or each.tables]


def _filled(tables: Iterable[Table]) -> list[Table]:
    return [each for each in tables if each.rows]


def _change_caption(result: Result) -> str:
    compared = result.get("compared") or ()
    if len(compared) != 2:
        return str(_("Change between the waves"))
    first, last = (wave_name(key) for key in compared)
    return str(_("Change between two waves: %(first)s, %(last)s", first=first, last=last))


def _whom(scale: Result, names: Names) -> Iterator[Whom]:
    """Everybody, then each level; one whose words are those of another group's with the words of its group."""
    yield Whom(str(EVERYBODY), scale)
    groups = scale.get("groups") or {}
    known = Counter(names.level(group, level) for group, levels in groups.items() for level in levels)
    for group, levels in groups.items():
        for level, figures in levels.items():
            said = names.level(group, level)
            yield Whom(said if known[said] == 1 else f"{names.group(group)}: {said}", figures)


def _change(figures: Result) -> Mapping[str, Any] | None:
    found: Mapping[str, Any] | None = figures if is_withheld(figures) else figures.get("change")
    return found


def _made_of(scale: Result, names: Names) -> list[str]:
    reverse = scale.get("reverse") or ()
    return [
        _("“%(item)s” (turned round)", item=names.numbered(key)) if key in reverse else quoted(names.numbered(key))
        for key in scale.get("items") or ()
    ]


def _means(scale: Result, whom: Sequence[Whom]) -> Table:
    waves = [each for one in whom if not is_withheld(one.figures) for each in one.figures["waves"].values()]
    is_weighted = any(each.get("weighted") for each in waves)
    axis = _axis(scale, waves)
    columns = [
        Column(_("Who"), 3),
        Column(_("Wave"), 2),
        Column(_("Answers"), 2, number=True),
        Column(_("Average"), 2, number=True),
        Column(_("Standard deviation"), 2, number=True),
        Column(_("Confidence interval"), 3, number=True),
        *([Column(_("Weighted average"), 3, number=True)] if is_weighted else []),
        Column(_axis_name(axis), 5),
    ]
    rows = [each for one in whom for each in _rows(one, axis, is_weighted, len(columns))]
    return Table(_("Averages with their intervals"), columns, rows)


def _axis(scale: Result, waves: Sequence[Result]) -> Axis | None:
    """The scale's own ends; those of the intervals where it has none; None where there is nothing to draw."""
    if scale.get("least") is not None and scale.get("most") is not None and scale["least"] < scale["most"]:
        return Axis(scale["least"], scale["most"])
    known = [each.get("ci") or (None, None) for each in waves if not is_withheld(each)]
    intervals = [(low, high) for low, high in known if low is not None and high is not None]
    return widest_axis(intervals) if intervals else None


def _axis_name(axis: Axis | None) -> str:
    return "" if axis is None else f"{show_end(axis.least)} … {show_end(axis.most)}"


def _rows(one: Whom, axis: Axis | None, is_weighted: bool, width: int) -> Iterator[list[Cell]]:
    if is_withheld(one.figures):
        yield row([one.name, ""], one.figures, (), width)
        return
    for key, wave in one.figures["waves"].items():
        names = [one.name, wave_name(key)]
        if is_withheld(wave):
            yield row(names, wave, (), width)
            continue
        values = [
            show_number(wave["n"]),
            show_figure(wave["mean"]),
            show_figure(wave["sd"]),
            show_interval(wave.get("ci"), signed=False),
            *([_weighted(wave)] if is_weighted else []),
        ]
        yield [*texts([*names, *values]), _drawn(axis, wave)]


def _drawn(axis: Axis | None, wave: Result) -> Cell:
    interval = wave.get("ci")
    if axis is None or not interval or None in interval:
        return Cell()
    return Cell(span=draw_span(axis, wave["mean"], interval))


def _weighted(wave: Result) -> str:
    found = wave.get("weighted")
    if not found:
        return show_figure(None)
    number = show_figure(found["n_eff"], 0)
    return str(_("%(mean)s (effective number %(number)s)", mean=show_figure(found["mean"]), number=number))


def _contrasts(scale: Result, names: Names) -> Table:
    columns = [
        Column(_("Compared"), 4),
        Column(_("Difference of the changes"), 3, number=True),
        Column(_("Confidence interval"), 3, number=True),
        Column(_("Test"), 4),
        Column("p", 2, number=True),
        Column(_("p corrected"), 2, number=True),
    ]
    rows = []
    for each in scale.get("contrasts") or []:
        name = show_list([names.level(each["by"], level) for level in each["levels"]])
        rows.append(row([name], each, () if is_withheld(each) else _contrast(each), len(columns)))
    return Table(_("Does the change differ between groups?"), columns, rows, note=correction_note())


def _contrast(each: Result) -> list[str]:
    facts = [f"t = {show_figure(each['statistic'])}"] if each.get("statistic") is not None else []
    facts += [f"df = {show_figure(each['df'], 1)}"] if each.get("df") is not None else []
    return [
        show_signed(each["estimate"]),
        show_interval(each.get("ci")),
        ", ".join(facts),
        show_p(each["p"]),
        show_p(each.get("p_holm")),
    ]


def _reliability(scale: Result) -> Table:
    columns = [
        Column(_("Wave"), 3),
        Column(_("Language"), 3),
        Column(_("Answers"), 2, number=True),
        Column(_("Cronbach's alpha"), 2, number=True),
        Column(_("Confidence interval"), 3, number=True),
    ]
    rows = []
    for key, alpha in (scale.get("alpha") or {}).items():
        rows.append(_alpha(wave_name(key), _("All"), alpha, len(columns)))
        languages = {} if not alpha or is_withheld(alpha) else alpha.get("languages") or {}
        rows += [
            _alpha(wave_name(key), LANGUAGES.get(language, language), figures, len(columns))
            for language, figures in languages.items()
            if is_withheld(figures) or figures.get("n")
        ]
    return Table(_("Reliability: how well the items hang together"), columns, [each for each in rows if each])


def _alpha(wave: str, language: str, alpha: Result | None, width: int) -> list[Cell]:
    if not alpha:
        return []
    values = () if is_withheld(alpha) else (
        show_number(alpha["n"]),
        show_figure(alpha["value"]),
        show_interval(alpha.get("ci"), signed=False),
    )  # fmt: skip
    return row([wave, language], alpha, values, width)
