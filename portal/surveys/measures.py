"""What surveys say of measures: what an indicator may look at, what it names that is not there, and it in words."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from portal.core.errors import Problem
from portal.core.web.language import text_in
from portal.projects import measuring
from portal.projects.measure_words import STATISTICS
from portal.projects.rules.measures import Measure
from portal.projects.rules.targets import SURVEY
from portal.surveys.naming import WAVES
from portal.surveys.queries.measuring import measure_problems, offered_documents, target_problems
from portal.surveys.queries.studies import StudyRow, list_studies, published_documents
from portal.surveys.queries.surveyed import Surveys
from portal.surveys.rules.documents import LIKERT, MULTIPLE, Instrument, Item
from portal.surveys.rules.measured import CHOSEN, SHARE, statistics_of


def register() -> None:
    """Let the rooms below offer surveys, and refuse those that are not there."""
    measuring.register(SURVEY, measuring.Room(_problems, _choices, _target_problems))


def tell_asked(surveys: Surveys, measure: Measure, *, first: str = "", public: bool = False) -> str:
    """What a measure asks a survey for: its figure, of what, and in which wave.

    `first` is the key of the choice that the figure is a share of, where there is a figure. A `public` reader is told
    nothing of what is not published.
    """
    study, key = surveys.studies.get(measure.study), measure.scale or measure.item
    documents: list[Instrument] = []
    if study is not None:
        documents = published_documents(study)[::-1] if public else offered_documents(study)
    item = None if measure.scale else next((each for row in documents for each in row.items if each.key == key), None)
    titles = [each.title for row in documents for each in row.scales if each.key == measure.scale]
    named = item.text if item is not None else next(iter(titles), None)
    wave = str(WAVES.get(measure.wave, measure.wave))
    return " · ".join([_tell_statistic(measure, item, first), text_in(named) or key, wave])


def _tell_statistic(measure: Measure, item: Item | None, first: str) -> str:
    """Which figure it is; of a share, what it is a share of."""
    if measure.statistic == SHARE and measure.scale:
        return str(_("Share of scores above the middle of the scale"))
    if measure.statistic == SHARE and item is not None and item.kind == LIKERT:
        return str(_("Share of answers above the middle step"))
    if measure.statistic == SHARE and item is not None and item.kind in CHOSEN and item.choices:
        texts = {each.key: text_in(each.text) for each in item.choices}
        key = first or item.choices[0].key
        words = texts.get(key) or key
        if item.kind == MULTIPLE:
            return str(_("Share who chose “%(choice)s”, of those who answered the question", choice=words))
        return str(_("Share who answered “%(choice)s”", choice=words))
    return str(STATISTICS[measure.statistic])


def _problems(code: str, measures: Sequence[Mapping[str, Any]]) -> list[list[Problem]]:
    surveys = Surveys(code)
    return [measure_problems(surveys, each) for each in measures]


def _target_problems(code: str, aims: Sequence[measuring.Aim]) -> list[list[Problem]]:
    surveys = Surveys(code)
    return [target_problems(surveys, measure, target) for measure, target in aims]


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
