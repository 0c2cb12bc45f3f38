"""An instrument file (TOML) read into a study, or refused with everything that is wrong with it; and written.

Source: interfaces "Instrument file".
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from portal.core.errors import InvalidInput, InvalidInputs, Problem
from portal.core.money import percent_text
from portal.projects.rules.readers import in_file_order
from portal.surveys.rules.checking import check_instrument, publish_problems
from portal.surveys.rules.documents import NOT_PAIRED, Choice, Group, Instrument, Item, Scale
from portal.surveys.rules.file_rows import FILE, instrument_of, margins_of, waves_of
from portal.surveys.rules.margins import Margin, Margins, margin_problems
from portal.surveys.rules.places import join, placed
from portal.surveys.rules.toml_writing import to_toml
from portal.surveys.rules.wave_drafts import WaveDraft, check_wave

__all__ = [
    "StudyFile",
    "WaveDraft",
    "begins_study",
    "parse_study_file",
    "read_study_file",
    "read_toml",
    "tables_of",
    "wave_problems",
    "write_study_file",
]

LARGEST_FILE: Final = 2_000_000

# What a file calls what the facts of a wave call otherwise.
_WAVE_KEYS: Final = {"opens_on": "opens"}
_STUDY_HEAD: Final = re.compile(rb"^(?:\xef\xbb\xbf)?[ \t]*\[[ \t]*study\b", re.MULTILINE)


class StudyFile(NamedTuple):
    """What an instrument file states."""

    key: str
    project: str
    instrument: Instrument
    waves: tuple[WaveDraft, ...] = ()
    margins: Margins = {}


def parse_study_file(raw: bytes, *, name: str, complete: bool = False) -> StudyFile:
    """The study of the TOML file called `name`; raise as `read_toml` and `read_study_file` do."""
    return read_study_file(read_toml(raw, name=name), complete=complete)


def read_toml(raw: bytes, *, name: str) -> dict[str, Any]:
    """What the TOML file called `name` states; raise InvalidInput if it is too large or not TOML in UTF-8."""
    if len(raw) > LARGEST_FILE:
        raise InvalidInput("survey-file-too-large", name=name)
    try:
        # Decimals stay as they are written.
        return tomllib.loads(raw.decode("utf-8-sig"), parse_float=Decimal)
    except UnicodeDecodeError as error:
        raise InvalidInput("file-not-toml", name=name, reason=_byte_at(raw, error.start)) from error
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise InvalidInput("file-not-toml", name=name, reason=str(error)) from error


def begins_study(raw: bytes) -> bool:
    """Whether a file that cannot be read was meant to state a study: it has the head of that table."""
    return _STUDY_HEAD.search(raw) is not None


def _byte_at(raw: bytes, start: int) -> str:
    """The byte that is no letter in UTF-8 and where it stands, in the words of the parser of TOML."""
    line, column = raw.count(b"\n", 0, start) + 1, start - raw.rfind(b"\n", 0, start)
    return f"Invalid byte 0x{raw[start]:02x} (at line {line}, column {column})"


def read_study_file(stated: Mapping[str, Any], *, complete: bool = False) -> StudyFile:
    """The study that the parsed TOML states; raise InvalidInputs with all its problems, in the file's order.

    A `complete` one must be publishable: every text in every language is there.
    """
    problems: list[Problem] = []
    file = FILE(stated, "", problems)
    instrument, waves, margins = instrument_of(file), waves_of(file), margins_of(file)
    found = publish_problems(instrument) if complete else check_instrument(instrument)
    found = [*found, *wave_problems(waves), *margin_problems(instrument.groups, margins)]
    problems += _unknown_yet(found, problems)
    if problems:
        raise InvalidInputs(in_file_order(problems, stated))
    return StudyFile(file["study"]["key"], file["study"]["project"], instrument, waves, margins)


def write_study_file(study: StudyFile) -> str:
    """The study as TOML, which reads back as the same."""
    instrument, pairing = study.instrument, study.instrument.pairing
    stated: dict[str, Any] = {
        "study": _study_row(study),
        "waves": [_wave_row(wave) for wave in study.waves],
        **tables_of(instrument),
        "margins": [_margin_row(group, margin) for group, margin in study.margins.items()],
    }
    if pairing.method != NOT_PAIRED:
        elements = list(pairing.elements) or None
        stated["pairing"] = {"method": pairing.method, "elements": elements, "require": pairing.require or None}
    return to_toml(stated)


def tables_of(instrument: Instrument) -> dict[str, list[dict[str, Any]]]:
    """The rows of the instrument's parts, as a file states them."""
    return {
        "groups": [_group_row(group) for group in instrument.groups],
        "sections": [
            {"key": each.key, "title": each.title, "random": each.is_random or None} for each in instrument.sections
        ],
        "items": [_item_row(item) for item in instrument.items],
        "scales": [_scale_row(scale) for scale in instrument.scales],
    }


def _unknown_yet(found: Iterable[Problem], known: Sequence[Problem]) -> list[Problem]:
    """The problems at places of which, and of whose parts, no reader has complained."""
    places = [problem.where for problem in known]
    return [
        each for each in found if not any(each.where == place or each.where.startswith(f"{place}.") for place in places)
    ]


def wave_problems(waves: Sequence[WaveDraft]) -> Iterator[Problem]:
    """What is wrong with each of these waves of one survey, at its place."""
    for number, (where, wave) in enumerate(placed("waves", waves)):
        try:
            check_wave(wave, taken=[each.key for each in waves[:number]])
        except InvalidInputs as error:
            for problem in error.problems:
                place = join(where, _WAVE_KEYS.get(problem.where, problem.where))
                yield Problem(problem.code, place, problem.values)


def _study_row(study: StudyFile) -> dict[str, Any]:
    instrument = study.instrument
    return {
        "key": study.key,
        "project": study.project,
        "languages": list(instrument.languages),
        "title": instrument.title,
        "consent": instrument.consent,
        "note": instrument.note,
    }


def _margin_row(group: str, margin: Margin) -> dict[str, Any]:
    shares = {level: percent_text(share) for level, share in margin.shares.items()}
    return {"group": group, "shares": shares, "source": margin.source}


def _group_row(group: Group) -> dict[str, Any]:
    required = group.is_required or None
    return {"key": group.key, "text": group.text, "required": required, "levels": _choice_list(group.levels)}


def _wave_row(wave: WaveDraft) -> dict[str, Any]:
    open_link = None if wave.has_open_link else False
    return {"key": wave.key, "opens": wave.opens_on, "last_day": wave.last_day, "open_link": open_link}


def _item_row(item: Item) -> dict[str, Any]:
    condition = item.show_if
    return {
        "key": item.key,
        "type": item.kind,
        "section": item.section or None,
        "text": item.text,
        "min": item.least,
        "max": item.most,
        "labels": list(item.labels) or None,
        "choices": _choice_list(item.choices) or None,
        "required": item.is_required or None,
        "may_refuse": None if item.may_refuse else False,
        "show_if": {"item": condition.item, "values": list(condition.values)} if condition else None,
    }


def _scale_row(scale: Scale) -> dict[str, Any]:
    return {
        "key": scale.key,
        "title": scale.title,
        "items": list(scale.items),
        "reverse": list(scale.reverse) or None,
        "min_answered": str(scale.min_answered),
    }


def _choice_list(choices: Sequence[Choice]) -> list[Any]:
    return [{"key": each.key, "text": each.text} if each.text else each.key for each in choices]
