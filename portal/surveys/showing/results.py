"""The results of a survey in order: plain words, warnings, scales, questions, pairs, weights, limits, method."""

from collections.abc import Iterator

from flask_babel import gettext as _

from portal.core.money import FULL_RATE, BasisPoints
from portal.core.web.formats import show_list, show_number, show_percentage
from portal.core.web.language import text_in
from portal.surveys import result_words as words
from portal.surveys.labels import PAIRING_METHODS
from portal.surveys.naming import Names, quoted, show_figure, show_pairs, wave_name
from portal.surveys.rules.disclosure import MIN_RESPONDENTS
from portal.surveys.rules.documents import NOT_PAIRED
from portal.surveys.rules.judging import INDEPENDENT
from portal.surveys.rules.telling import tell
from portal.surveys.rules.verdicts import Result, is_withheld
from portal.surveys.rules.withholding import answered_in
from portal.surveys.showing.items import item_section
from portal.surveys.showing.scales import scale_section
from portal.surveys.showing.tables import Column, Section, Table, row, texts
from portal.surveys.showing.warnings import warning_section
from portal.surveys.telling_words import say


def result_sections(result: Result, names: Names) -> list[Section]:
    """Every section that has anything to say, in the language of the moment."""
    result = answered_in(result)
    sections = [
        plain_section(result, names),
        warning_section(result, names),
        *(scale_section(result, scale, names) for scale in result["scales"]),
        item_section(result, names),
        _pairing_section(result),
        _weighting_section(result, names),
        limit_section(result, names),
        _method_section(result),
    ]
    return [each for each in sections if each.sentences or each.lines or each.tables]


def plain_section(result: Result, names: Names) -> Section:
    """What everybody understands: how many answered, what changed, what we cannot tell, and how to read it."""
    return Section("plain", _("In plain words"), [" ".join(say(each, names)) for each in tell(result).paragraphs])


def limit_section(result: Result, names: Names) -> Section:
    """What the figures cannot carry, and what is known of the questionnaire."""
    note = text_in(names.instrument.note)
    lines = [*([note] if note else []), *say(tell(result).limits, names)]
    return Section("limits", _("Limits: what these figures cannot tell"), lines=lines)


def _pairing_section(result: Result) -> Section:
    pairing = result.get("pairing") or {}
    method = str(PAIRING_METHODS.get(pairing.get("method", ""), ""))
    columns = [
        Column(_("How people are found in both waves"), 4),
        Column(_("Pairs"), 2, number=True),
        Column(_("Not clear, so not paired"), 2, number=True),
        Column(_("Found in one wave only"), 2, number=True),
        Column(_("Expected false pairs"), 2, number=True),
    ]
    rows = []
    if pairing:
        values = () if is_withheld(pairing) else _pairing(pairing)
        rows.append(row([method], pairing, values, len(columns)))
    if pairing.get("method") == NOT_PAIRED:
        return Section("pairing", _("Who answered in both waves"), [str(words.WHY["not-paired"])])
    tables = [Table(_("Pairs of answers of the same person"), columns, rows)] if rows else []
    return Section("pairing", _("Who answered in both waves"), tables=tables)


def _pairing(pairing: Result) -> list[str]:
    found = [pairing[name] for name in ("matched", "ambiguous", "unmatched")]
    numbers = [show_pairs(number) for number in found]
    return [*numbers, show_figure(pairing["expected_false_matches"], 1)]


def _weighting_section(result: Result, names: Names) -> Section:
    columns = [
        Column(_("Wave"), 3),
        Column(_("Answers"), 2, number=True),
        Column(_("Effective number"), 2, number=True),
        Column(_("Design effect"), 2, number=True),
    ]
    rows = []
    for key, figures in ((result.get("weighting") or {}).get("waves") or {}).items():
        values = () if is_withheld(figures) else (
            show_number(figures["n"]), show_figure(figures["n_eff"], 0), show_figure(figures["deff"]),
        )  # fmt: skip
        rows.append(row([wave_name(key)], figures, values, len(columns)))
    tables = [*_known_shares(result, names), *([Table(_("What weighting costs"), columns, rows)] if rows else [])]
    return Section("weighting", _("Weighting"), _weighted_by(result, names), tables=tables)


def _known_shares(result: Result, names: Names) -> list[Table]:
    """The shares to which the answers were weighted."""
    columns = [
        Column(_("Group"), 3),
        Column(_("What was answered"), 3),
        Column(_("Share of the population"), 2, number=True),
    ]
    shares = (result.get("weighting") or {}).get("shares") or {}
    rows = [
        texts([names.group(group), names.level(group, level), show_percentage(BasisPoints(round(FULL_RATE * share)))])
        for group, levels in shares.items()
        for level, share in levels.items()
    ]
    return [Table(_("Known shares of the population"), columns, rows)] if rows else []


def _weighted_by(result: Result, names: Names) -> list[str]:
    """To what the answers were weighted, who says so, and why changes stand without weights."""
    weighting, said = result.get("weighting") or {}, []
    if weighting.get("margins"):
        groups = show_list([quoted(names.group(key)) for key in weighting["margins"]])
        said += [_("The answers are weighted to the known shares of the population by %(groups)s.", groups=groups)]
        said += [_("Source: %(source)s", source=weighting["source"])]
    if weighting and any(
        (scale.get("change") or {}).get("design", INDEPENDENT) != INDEPENDENT for scale in result["scales"]
    ):
        said += [_("Changes are told without weights, because people were found in both waves.")]
    return [str(each) for each in said]


def _method_section(result: Result) -> Section:
    lines = [str(words.METHOD[code]) % {"least": MIN_RESPONDENTS} for code in _methods(result)]
    return Section("method", _("How the figures were made"), lines=lines, is_folded=True)


def _methods(result: Result) -> Iterator[str]:
    """The codes of what was done, in order; a test is told of only where it was used."""
    if result["scales"]:
        yield from ("scores", "reliability")
    rows = [*result["scales"], *(result.get("items") or [])]
    changes = [row.get("change") or {} for row in rows]
    changes += [
        level.get("change") or {} for scale in result["scales"] for each in (scale.get("groups") or {}).values()
        for level in each.values()
    ]  # fmt: skip
    used = {test["name"] for change in changes for test in change.get("tests") or []}
    yield from (name for name in words.TESTS if name in used)
    if any(scale.get("contrasts") for scale in result["scales"]):
        yield "contrasts"
    if used:
        yield from ("sizes", "holm")
    yield "intervals"
    if result.get("weighting"):
        yield "weights" if result["weighting"].get("margins") else "weights-given"
    yield "suppression"
