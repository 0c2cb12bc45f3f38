"""What surveys say of measures: what an indicator may look at, what it names that is not there, and it in words."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from portal.core.errors import Problem
from portal.core.web.language import text_in
from portal.projects import measuring
from portal.projects.measure_words import STATISTICS
from portal.projects.rules.measures import Measure
from portal.projects.rules.targets import SURVEY
from portal.surveys.naming import WAVES
from portal.surveys.queries.measuring import measure_problems, offered_documents
from portal.surveys.queries.studies import StudyRow, list_studies
from portal.surveys.queries.surveyed import Surveys
from portal.surveys.rules.measured import statistics_of


def register() -> None:
    """Let the rooms below offer surveys, and refuse those that are not there."""
    measuring.register(SURVEY, measuring.Room(_problems, _choices))


def tell_asked(code: str, measure: Measure) -> str:
    """What a measure asks a survey for: its figure, of what, and in which wave."""
    study = next((each for each in list_studies(code) if each.key == measure.study), None)
    key = measure.scale or measure.item
    known: dict[str, Any] = {}
    for document in offered_documents(study) if study else ():
        known |= {each.key: each.title for each in document.scales} if measure.scale else {}
        known |= {} if measure.scale else {each.key: each.text for each in document.items}
    wave = str(WAVES.get(measure.wave, measure.wave))
    return " · ".join([str(STATISTICS[measure.statistic]), text_in(known.get(key)) or key, wave])


def _problems(code: str, measures: Sequence[Mapping[str, Any]]) -> list[list[Problem]]:
    surveys = Surveys(code)
    return [measure_problems(surveys, each) for each in measures]


def _choices(code: str) -> Mapping[str, Sequence[tuple[str, str]]]:
    """What an indicator may name; where there are several surveys, the words say of which one each thing is."""
    studies = list_studies(code)
    named: dict[str, dict[str, list[str]]] = {"study": {}, "wave": {}, "scale": {}, "item": {}}
    for study in studies:
        named["study"][study.key] = [text_in(study.title)]
        for option, key, text in _parts(study):
            said = [study.key, text] if len(studies) > 1 else [text]
            named[option].setdefault(key, []).append(": ".join(filter(None, said)))
    return {option: [(key, _labelled(key, texts)) for key, texts in keyed.items()] for option, keyed in named.items()}


def _parts(study: StudyRow) -> Iterator[tuple[str, str, str]]:
    """What of the study an indicator may look at: option, key, words; each once."""
    yield from (("wave", each.key, str(WAVES.get(each.key, ""))) for each in study.waves)
    documents = offered_documents(study)
    scales = {each.key: text_in(each.title) for document in documents for each in document.scales}
    items = {each.key: text_in(each.text) for document in documents for each in document.items if statistics_of(each)}
    yield from (("scale", *each) for each in scales.items())
    yield from (("item", *each) for each in items.items())


def _labelled(key: str, texts: Sequence[str]) -> str:
    return " – ".join(filter(None, [key, "; ".join(filter(None, texts))]))
