"""A project's surveys with what pages with several figures of them ask, each thing read once for all of them."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property

from sqlalchemy import func, select

from portal.core.db import db
from portal.surveys.models import Response
from portal.surveys.queries.analyses import KeptAnalysis, find_analyses
from portal.surveys.queries.standing import CountedWave, public_waves
from portal.surveys.queries.studies import StudyRow, list_studies


class Surveys:
    """The surveys of the project with this code: nothing is read before it is asked for, and nothing twice."""

    def __init__(self, code: str) -> None:
        self.code = code
        self._told: dict[date, Mapping[int, CountedWave]] = {}

    @cached_property
    def studies(self) -> Mapping[str, StudyRow]:
        """Key -> survey, in the order in which they were made."""
        return {study.key: study for study in list_studies(self.code)}

    @cached_property
    def analyses(self) -> Mapping[int, KeptAnalysis]:
        """Survey's id -> what was made of its answers last, of those of which anything was."""
        return find_analyses([*self.studies.values()])

    @cached_property
    def first_answers(self) -> Mapping[int, date]:
        """Wave id -> the day of the first answer that has one."""
        ids = [wave.id for study in self.studies.values() for wave in study.waves]
        days = select(Response.wave_id, func.min(Response.day)).where(Response.wave_id.in_(ids))
        found = db.session.execute(days.group_by(Response.wave_id))
        return {wave_id: day for wave_id, day in found if day is not None}

    @cached_property
    def numbers(self) -> Mapping[int, int]:
        """Wave id -> how many have answered, of those where anybody has."""
        ids = [wave.id for study in self.studies.values() for wave in study.waves]
        counted = select(Response.wave_id, func.count()).where(Response.wave_id.in_(ids))
        return {row[0]: row[1] for row in db.session.execute(counted.group_by(Response.wave_id))}

    def told(self, today: date) -> Mapping[int, CountedWave]:
        """Wave id -> what everyone may be told of the wave by, of those of which they may be told anything."""
        if today not in self._told:
            self._told[today] = public_waves([*self.studies.values()], today)
        return self._told[today]
