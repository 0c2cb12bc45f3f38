"""The sentences of the plain words about a change, and of its limits; their figures are those of the tables."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.core.web.formats import show_list, show_number
from portal.surveys.naming import Names, quoted, show_figure, show_interval, show_pairs, show_signed, wave_name
from portal.surveys.rules.disclosure import MIN_RESPONDENTS
from portal.surveys.rules.verdicts import Part

SENTENCES = {
    "asked": _l("How many people answered: %(waves)s."),
    "one-wave": _l("There are answers from one wave only, so nothing can be said about a change yet."),
    "risen": _l(
        "%(scale)s: the average rose from %(first)s to %(last)s%(range)s%(size)s; with 95 %% confidence the rise is"
        " %(points)s points."
    ),
    "fallen": _l(
        "%(scale)s: the average fell from %(first)s to %(last)s%(range)s%(size)s; with 95 %% confidence the fall is"
        " %(points)s points."
    ),
    "items-alone": _l(
        "The survey has no scales, so single questions are told of; their figures stand under “Single questions”."
    ),
    "items-risen": _l("Here the answers rose: %(changed)s."),
    "items-fallen": _l("Here the answers fell: %(changed)s."),
    "all-unknown": _l(
        "Here we cannot tell whether anything has changed, which is not to say that nothing has: %(scales)s."
    ),
    "all-withheld": _l("Here nothing is said, because fewer than %(fewest)s people answered: %(scales)s."),
    "all-none": _l("Not asked in both waves, so there is no change to tell of: %(scales)s."),
    "scale-risen": _l(
        "%(scale)s: the average rose from %(first)s to %(last)s%(range)s. With 95 %% confidence the change is"
        " %(interval)s."
    ),
    "scale-fallen": _l(
        "%(scale)s: the average fell from %(first)s to %(last)s%(range)s. With 95 %% confidence the change is"
        " %(interval)s."
    ),
    "scale-unknown": _l(
        "%(scale)s: we cannot tell whether anything has changed. The averages are %(first)s and %(last)s%(range)s; a"
        " change of %(interval)s would fit these answers."
    ),
    "scale-no-interval": _l(
        "%(scale)s: we cannot tell whether anything has changed. The averages are %(first)s and %(last)s%(range)s."
    ),
    "scale-withheld": _l("%(scale)s: nothing is said, because fewer than %(fewest)s people answered."),
    "scale-none": _l("%(scale)s: not asked in both waves, so there is no change to tell of."),
    "size-tiny": _l("This change is so small that it may mean little in practice."),
    "size-small": _l("Measured by how far people's answers lie apart, this is a small change."),
    "size-medium": _l("Measured by how far people's answers lie apart, this is a medium change."),
    "size-large": _l("Measured by how far people's answers lie apart, this is a large change."),
    "opposite": _l(
        "%(scale)s: the average rose for “%(more)s” (%(change_more)s) and fell for “%(less)s” (%(change_less)s), so the"
        " figure for everybody hides two opposite changes."
    ),
    "differs": _l("The change differs between groups: %(differences)s."),
    "difference-unknown": _l("We cannot tell whether the change differs between groups (%(groups)s)."),
    "difference-unknown-else": _l("For all other comparisons of groups we cannot tell whether the change differs."),
    "care-alpha": _l("Read this with care, because its questions do not hang together well: %(scales)s."),
    "care-reversed": _l(
        "Counted the wrong way round, as it seems: %(items)s. Check this before you conclude anything about:"
        " %(scales)s."
    ),
    "care-words": _l(
        "Questions of these were put in other words in one of the waves, so the change may come from that: %(scales)s."
    ),
    "care-items": _l("The waves did not ask all the same questions, so the change may come from that: %(scales)s."),
    "cause": _l("The survey does not show why this is so: other things than the project may have caused it."),
    "who-answered": _l("The figures speak of the people who answered, not of everybody."),
}

LIMITS = {
    "self-selected": _l(
        "People chose themselves whether to answer. They may think differently from those who did not, and no"
        " calculation makes up for that."
    ),
    "no-comparison-group": _l(
        "Nobody outside the project was asked the same for comparison, so a change cannot be put down to the project."
    ),
    "design-independent": _l(
        "The waves were compared as different people. A change may come from other people having answered, not from"
        " people having changed their minds; who answered twice could not be taken into account."
    ),
    "design-partially_overlapping": _l(
        "Some people answered in both waves and others in one only. The test takes both into account; the change is"
        " that of the averages, not that of each person."
    ),
    "design-paired": _l(
        "The change is that of people who answered in both waves. Those who answered only once are not part of it and"
        " may have changed otherwise."
    ),
    "false-matches": _l(
        "Answers were joined by codes: %(matched)s pairs, of which about %(expected)s may be of different people by"
        " chance."
    ),
    "instruments-differ": _l(
        "The waves did not ask with the same version of the questionnaire, so a change may come from the questions."
    ),
    "translations": _l(
        "The questions were asked in several languages. Whether people understood them alike in each has not been"
        " tested, so compare changes between countries, not their averages."
    ),
    "small-samples": _l(
        "Fewer than %(limit)s people stand behind some averages, which move far by chance: %(places)s."
    ),
    "withheld": _l(
        "Of groups with fewer than %(fewest)s people no figure is given. Changes that are not told for this reason:"
        " %(number)s."
    ),
    "many-tests": _l(
        "Many comparisons find differences by chance. Each p is therefore corrected for their number (Holm), and the"
        " plain words tell only what remains."
    ),
    "weighted": _l("The weighted figures stand beside the raw ones; the plain words speak of the raw ones."),
    "not-weighted": _l("The answers are not weighted to the population."),
}


# How large a change is, in brackets after its figures.
SIZES = {
    "tiny": _l(" (so small a change that it may mean little in practice)"),
    "small": _l(" (a small change)"),
    "medium": _l(" (a medium change)"),
    "large": _l(" (a large change)"),
}
# Of a level whose own change is not told.
UNSURE = _l("%(change)s, of which alone we cannot tell")
FEW_ANSWERED = _l("%(wave)s – fewer than %(fewest)s, so nothing is said about them")
DIFFERENCE = _l("%(scale)s – “%(more)s” (%(change_more)s) and “%(less)s” (%(change_less)s)")
ITEM_AVERAGE = _l("%(item)s (average from %(first)s to %(last)s)")
ITEM_SHARE = _l("%(item)s (share of %(choice)s from %(first)s %% to %(last)s %%)")
RANGE = _l(" on the scale from %(least)s to %(most)s")
EVERYBODY = _l("Everybody")


def say(parts: Iterable[Part], names: Names) -> list[str]:
    """One sentence for each part of a paragraph or the limits, in the language of the moment."""
    return [str(_ALL[part.code]) % _worded(part, names) for part in parts]


def show_end(value: float) -> str:
    """An end of a scale, without decimals where it has none."""
    return show_figure(value, 0 if float(value).is_integer() else 2)


_ALL = {**SENTENCES, **LIMITS}


def _worded(part: Part, names: Names) -> dict[str, Any]:
    """The values as sentences hold them."""
    values = {"fewest": MIN_RESPONDENTS, **part.values}
    said = _shown(values, names)
    if "questions" in values:
        said["scales"] = ", ".join(quoted(names.numbered(each)) for each in values["questions"])
    if "most" in values:
        said["range"] = _range(values)
    if "low" in values:
        said["interval"] = show_interval((values["low"], values["high"]))
    return {**values, **said}


def _shown(values: Mapping[str, Any], names: Names) -> dict[str, str]:
    return {name: show(values, names) for name, show in _SHOWN.items() if name in values}


def _range(values: Mapping[str, Any]) -> str:
    if values["least"] is None or values["most"] is None:
        return ""
    return str(RANGE) % {"least": show_end(values["least"]), "most": show_end(values["most"])}


def _waves(values: Mapping[str, Any], _names: Names) -> str:
    said = [
        str(FEW_ANSWERED) % {"wave": wave_name(key), "fewest": MIN_RESPONDENTS}
        if n is None
        else f"{wave_name(key)} – {show_number(n)}"
        for key, n in values["waves"]
    ]
    return "; ".join(said)


def _differences(values: Mapping[str, Any], names: Names) -> str:
    return "; ".join(str(DIFFERENCE) % {**each, **_shown(each, names)} for each in values["differences"])


def _changed(values: Mapping[str, Any], names: Names) -> str:
    return "; ".join(_item(each, names) for each in values["changed"])


def _item(each: Mapping[str, Any], names: Names) -> str:
    """A question with its average in both waves, or with the share of its first answer where that was compared."""
    key, said = each["item"], {"item": quoted(names.numbered(each["item"]))}
    if each["measure"] != "yes-no":
        return str(ITEM_AVERAGE) % {**said, "first": show_figure(each["first"]), "last": show_figure(each["last"])}
    said |= {name: show_figure(100 * each[name], 1) for name in ("first", "last")}
    return str(ITEM_SHARE) % {**said, "choice": quoted(names.choice(key, next(iter(names.choices(key)), "")))}


def _change(values: Mapping[str, Any], which: str) -> str:
    said = show_signed(values[f"change_{which}"])
    return str(UNSURE) % {"change": said} if values.get(f"unsure_{which}") else said


def _places(values: Mapping[str, Any], names: Names) -> str:
    told = [(names.level(group, level) if group else str(EVERYBODY), n) for group, level, n in values["places"]]
    return show_list([f"{who} ({show_number(n)})" for who, n in told])


_SHOWN: dict[str, Callable[[Mapping[str, Any], Names], str]] = {
    "wave": lambda values, _names: wave_name(values["wave"]),
    "matched": lambda values, _names: show_pairs(values["matched"]),
    "expected": lambda values, _names: show_figure(values["expected"], 1),
    "scale": lambda values, names: names.scale(values["scale"]),
    "items": lambda values, names: ", ".join(quoted(names.numbered(each)) for each in values["items"]),
    "scales": lambda values, names: ", ".join(quoted(names.scale(each)) for each in values["scales"]),
    "groups": lambda values, names: ", ".join(quoted(names.group(each)) for each in values["groups"]),
    "points": lambda values, _names: show_interval(values["points"], signed=False),
    "size": lambda values, _names: str(SIZES.get(values["size"], "")),
    "waves": _waves,
    "differences": _differences,
    "changed": _changed,
    "more": lambda values, names: names.level(values["by"], values["more"]),
    "less": lambda values, names: names.level(values["by"], values["less"]),
    "change_more": lambda values, _names: _change(values, "more"),
    "change_less": lambda values, _names: _change(values, "less"),
    "first": lambda values, _names: show_figure(values["first"]),
    "last": lambda values, _names: show_figure(values["last"]),
    "places": _places,
}
