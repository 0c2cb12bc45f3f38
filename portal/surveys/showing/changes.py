"""Changes as tables tell them: how much, how sure, by which test, and why that one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from portal.core.web.formats import show_list, show_number
from portal.surveys import result_words as words
from portal.surveys.naming import quoted, show_figure, show_interval, show_p, show_signed, withheld
from portal.surveys.rules.judging import OVERLAPPING
from portal.surveys.rules.verdicts import is_withheld
from portal.surveys.showing.tables import Cell, Column, Table, row

Change = Mapping[str, Any]


def change_table(caption: str, what: str, changes: Iterable[tuple[str, Change | None]]) -> Table:
    """A row for each of these that were compared, with its name; `what` is what they are."""
    changes = [(name, change) for name, change in changes if change]
    is_weighted = any(change.get("weighted") for _name, change in changes if change)
    columns = [
        Column(what, 4),
        Column(_("Change between the waves"), 2, number=True),
        Column(_("Confidence interval"), 3, number=True),
        *([Column(_("Weighted change"), 3, number=True)] if is_weighted else []),
        Column(_("Effect"), 4),
        Column(_("Test"), 4),
        Column("p", 2, number=True),
        Column(_("p corrected"), 2, number=True),
    ]
    rows = [_row(name, change, len(columns), is_weighted=is_weighted) for name, change in changes if change]
    return Table(caption, columns, rows, note=correction_note())


def correction_note() -> str:
    """Why a corrected p and an interval can say different things, and what is told then."""
    return str(
        _(
            "The corrected p allows for the number of comparisons (Holm), the confidence interval does not: where they"
            " disagree, we say that we cannot tell."
        )
    )


def whys(changes: Iterable[tuple[str, Change | None]], everybody: str = "") -> list[str]:
    """Why the tests are the ones that they are, each reason once.

    Where one of the changes is that of `everybody`, the others are named: with their pairs where they have the same
    reason, before their reason where it is another one.
    """
    told: dict[str, list[tuple[str, str]]] = {}
    for name, change in changes:
        if change and not is_withheld(change):
            for reason in _reasons(change):
                told.setdefault(reason, []).append((name, _pairs(change) if "%(pairs)s" in reason else ""))
    return [said for reason, named in told.items() for said in _told(reason, named, everybody)]


def _told(reason: str, named: Sequence[tuple[str, str]], everybody: str) -> Iterator[str]:
    """The reason; `named` are those of whom it holds, each with its pairs."""
    of_all = next((pairs for name, pairs in named if name == everybody), None)
    rest = [(name, pairs) for name, pairs in named if name != everybody]
    others = show_list([f"{quoted(name)}{pairs}" for name, pairs in rest])
    if of_all is not None or not everybody:
        yield reason % {"pairs": of_all or ""}
        if everybody and any(pairs for _name, pairs in rest):
            yield str(_("The same holds for %(groups)s.", groups=others))
    else:
        yield f"{others}: {reason % {'pairs': ''}}"


def _reasons(change: Change) -> list[str]:
    """The sentences that say why, which may have room for pairs."""
    why = change.get("why") or {}
    measure = (why.get("values") or {}).get("measure", "")
    if measure == "ordinal" and change.get("design") == OVERLAPPING:
        measure = "ordinal-averages"
    found = words.WHY.get(why.get("code", "")), words.MEASURES.get(measure)
    return [str(sentence) for sentence in found if sentence]


def _pairs(change: Change) -> str:
    """How many pairs there are, in brackets; nothing where that is not told."""
    pairs = change["why"]["values"].get("pairs")
    if pairs is None:
        return ""
    return str(words.PAIRS) % {"pairs": withheld() if is_withheld(pairs) else show_number(pairs)}


def _row(name: str, change: Change, width: int, *, is_weighted: bool) -> list[Cell]:
    if is_withheld(change):
        return row([name], change, (), width)
    shares = (change.get("why") or {}).get("values", {}).get("measure") == "yes-no"
    tests = change.get("tests") or []
    values = [
        _amount(change["estimate"], shares),
        _interval(change, shares),
        *([_weighted(change.get("weighted"), shares)] if is_weighted else []),
        "; ".join(_effect(each) for each in change.get("effects") or []),
        "; ".join(_test(each) for each in tests),
        "; ".join(show_p(each["p"]) for each in tests),
        "; ".join(show_p(each.get("p_holm")) for each in tests),
    ]
    return row([name], change, values, width)


def _weighted(weighted: Change | None, shares: bool) -> str:
    """The change of the weighted averages with its interval."""
    if not weighted:
        return show_figure(None)
    return f"{_amount(weighted['estimate'], shares)} ({_interval(weighted, shares)})"


def _interval(change: Change, shares: bool) -> str:
    return _share_interval(change.get("ci")) if shares else show_interval(change.get("ci"))


def _amount(estimate: float | None, shares: bool) -> str:
    """The change; of shares in percentage points."""
    if not shares or estimate is None:
        return show_signed(estimate)
    return str(_("%(value)s pp", value=show_signed(100 * estimate, 1)))


def _share_interval(ends: Sequence[float | None] | None) -> str:
    """The interval in percentage points, as the change is."""
    known = [each for each in ends or () if each is not None]
    if len(known) != 2:
        return show_interval(None)
    low, high = (show_signed(100 * each, 1) for each in known)
    return str(_("%(value)s pp", value=_("%(low)s to %(high)s", low=low, high=high)))


def _effect(effect: Mapping[str, Any]) -> str:
    said = f"{words.EFFECTS.get(effect['name'], effect['name'])} {show_figure(effect['value'])}"
    interval = effect.get("ci")
    return f"{said} ({show_interval(interval)})" if interval and None not in interval else said


def _test(test: Mapping[str, Any]) -> str:
    said = str(words.TESTS.get(test["name"], test["name"]))
    if test.get("statistic") is None:
        return said
    letter = words.STATISTICS.get(test["name"], "")
    # Ranks are added up, so that their sum has halves at most.
    facts = [f"{letter} = {show_figure(test['statistic'], 1 if letter in ('U', 'W') else 2)}"]
    facts += [f"df = {show_figure(test['df'], 1)}"] if test.get("df") is not None else []
    return f"{said}: {', '.join(facts)}"
