"""The known shares of the population as pages show them, and the groups that they are of."""

from collections.abc import Sequence

from portal.surveys.models import Study
from portal.surveys.queries.studies import document_of, find_published
from portal.surveys.rules.documents import Group, Instrument
from portal.surveys.rules.margins import Margin, margins_from_content, misfits


def asked_instrument(study: Study) -> Instrument:
    """What the latest published version asks; the draft where none is published."""
    return document_of(find_published(study) or study.instruments[-1])


def asked_groups(study: Study) -> Sequence[Group]:
    """The groups of which shares can be known."""
    return asked_instrument(study).groups


def known_margins(study: Study) -> dict[str, Margin]:
    """The shares that are known, by group."""
    return margins_from_content(study.margins)


def misfitting_groups(study: Study) -> list[str]:
    """The groups whose known shares do not fit what is asked by now."""
    return misfits(asked_groups(study), known_margins(study))
