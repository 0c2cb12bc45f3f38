"""Forms of numbers of people without names, whose parts add up."""

from collections.abc import Collection, Iterable
from typing import ClassVar, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field
from wtforms.validators import ValidationError

from portal.activities.models import Headcount
from portal.activities.rules.headcounts import KNOWN_AGES, KNOWN_GENDERS, UNKNOWN, divide, not_known
from portal.activities.services.attendance import HeadcountDraft
from portal.core.errors import InvalidInputs, Problem
from portal.core.forms import ChoiceField, Form, VersionField, WholeNumberField, offer
from portal.core.web.formats import show_country
from portal.projects.forms.countries import country_choices
from portal.projects.labels import AGE_BANDS, GENDERS, GROUPS
from portal.projects.rules.vocabulary import AGE_BANDS as ALL_AGES
from portal.projects.rules.vocabulary import GENDERS as ALL_GENDERS

# A group's people of one country: what a total and its parts are of.
People = tuple[str, str]


class Box(NamedTuple):
    """A box of the form: the total of a group's people of one country, or a part of it."""

    name: str
    draft: HeadcountDraft

    @property
    def people(self) -> People:
        """Whom it counts."""
        return self.draft.group, self.draft.country

    @property
    def is_total(self) -> bool:
        """Whether it counts all of them, and no part."""
        return self.draft.gender == self.draft.age_band == UNKNOWN


class HeadcountsForm(Form):
    """A box for the total of each group and for each part already there, and one row with details."""

    group = ChoiceField(_l("Group"), default="")
    number = WholeNumberField(_l("Number of people"))
    country = ChoiceField(_l("Country"), default="")
    gender = ChoiceField(_l("Gender"), default="unknown")
    age_band = ChoiceField(_l("Age"), default="unknown")
    version = VersionField()

    boxes: ClassVar[dict[str, Box]] = {}

    def offer(self, near: Collection[str]) -> None:
        """Fill the lists of choices of the row with details; the countries in `near` come first."""
        offer(self.group, [("", _("Choose a group")), *GROUPS.items()])
        offer(self.country, country_choices(near, _("Not known")))
        offer(self.gender, list(GENDERS.items()))
        offer(self.age_band, list(AGE_BANDS.items()))

    def validate_number(self, field: WholeNumberField) -> None:
        """A row with details needs both its group and its number."""
        if bool(self.group.data) != (field.data is not None):
            raise ValidationError(_("Choose a group and enter a number, or leave both empty."))

    def drafts(self) -> list[HeadcountDraft]:
        """The rows that the boxes come to, and that with details: of each total what its parts leave.

        Raise InvalidInputs where the parts exceed their total.
        """
        drafts: list[HeadcountDraft] = []
        problems: list[Problem] = []
        added = self._added()
        for people, boxes in by_people(self.boxes.values()).items():
            parts = [box.draft._replace(number=self[box.name].data or 0) for box in boxes if not box.is_total]
            mine = [added] if added and (added.group, added.country) == people else []
            total = next(box for box in boxes if box.is_total)
            divided = [each.number for each in [*parts, *mine] if not _is_whole(each)]
            try:
                rest = not_known(self[total.name].data, divided, where=total.name)
            except InvalidInputs as error:
                problems.extend(error.problems)
                continue
            drafts += [total.draft._replace(number=rest), *parts]
        if problems:
            raise InvalidInputs(problems)
        return self._with_added(drafts, added)

    def _added(self) -> HeadcountDraft | None:
        if not self.group.data:
            return None
        facts = (self.country.data, self.gender.data, self.age_band.data)
        return HeadcountDraft(self.group.data, self.number.data or 0, *facts)

    def _with_added(self, drafts: list[HeadcountDraft], added: HeadcountDraft | None) -> list[HeadcountDraft]:
        """The rows with the added one; in the place of its box only where that is empty."""
        if added is None:
            return drafts
        name = box_name(added)
        if name in self.boxes and self[name].data:
            raise InvalidInputs([Problem("headcount-twice", "group")])
        return [*(each for each in drafts if box_name(each) != name), added]

    @property
    def number_in_all(self) -> int:
        """How many people the boxes came to when the form was opened."""
        return sum(box.draft.number for box in self.boxes.values() if box.is_total)

    @property
    def totals(self) -> list[Field]:
        """The box of each group's people of no country in particular."""
        return [self[box.name] for box in self.boxes.values() if box.is_total and not box.draft.country]

    @property
    def box_groups(self) -> list[tuple[Field, list[Field]]]:
        """Each box of a total with the boxes of its parts, in order."""
        found = []
        for boxes in by_people(self.boxes.values()).values():
            total, *parts = (self[box.name] for box in boxes)
            found.append((total, parts))
        return found


class DivisionForm(Form):
    """The total of a group's people of one country, and how many of them are of a gender and of an age."""

    total = WholeNumberField(_l("In all"))
    version = VersionField()

    people: ClassVar[People] = ("", "")

    @property
    def genders(self) -> list[tuple[str, Field | None, list[Field]]]:
        """Each gender with the box of its people (None: of those whose gender is not known) and those of their ages."""
        return [
            (
                gender,
                None if gender == UNKNOWN else self[part_name(gender)],
                [self[part_name(gender, age)] for age in KNOWN_AGES],
            )
            for gender in ALL_GENDERS
        ]

    def drafts(self) -> list[HeadcountDraft]:
        """Every row of these people, 0 where there is nobody; raise InvalidInputs where parts exceed their total."""
        ages = {
            (gender, age): self[part_name(gender, age)].data or None for gender in ALL_GENDERS for age in KNOWN_AGES
        }
        genders = {gender: self[part_name(gender)].data for gender in KNOWN_GENDERS}
        rows = divide(self.total.data, genders, ages)
        group, country = self.people
        return [
            HeadcountDraft(group, rows.get((gender, age), 0), country, gender, age)
            for gender in ALL_GENDERS
            for age in ALL_AGES
        ]


def by_people(boxes: Iterable[Box]) -> dict[People, list[Box]]:
    """The boxes by whom they count, in order."""
    found: dict[People, list[Box]] = {}
    for box in boxes:
        found.setdefault(box.people, []).append(box)
    return found


def headcounts_form(
    rows: Iterable[Headcount], version: int, near: Collection[str], *, is_read: bool = True
) -> HeadcountsForm:
    """The form of an event's headcounts: a total for every group, and for every group and country that is divided.

    Where not `is_read` it is shown beside another form, and holds nothing of what was sent with that.
    """
    stored = [HeadcountDraft(row.group, row.number, row.country, row.gender, row.age_band) for row in rows]
    people = dict.fromkeys([*((group, "") for group in GROUPS), *((each.group, each.country) for each in stored)])
    boxes = {}
    for group, country in people:
        mine = [each for each in stored if (each.group, each.country) == (group, country)]
        total = HeadcountDraft(group, sum(each.number for each in mine), country)
        for draft in (total, *(each for each in mine if not _is_whole(each))):
            boxes[box_name(draft)] = Box(box_name(draft), draft)
    fields = {
        name: WholeNumberField(_box_label(box.draft), default=box.draft.number or None) for name, box in boxes.items()
    }
    form: HeadcountsForm = type("EventHeadcountsForm", (HeadcountsForm,), {**fields, "boxes": boxes})(
        data={"version": version}, **({} if is_read else {"formdata": None})
    )
    form.offer(near)
    return form


def division_form(rows: Iterable[Headcount], people: People, version: int) -> DivisionForm:
    """The form that divides a group's people of one country, filled with what is stored."""
    fields = {part_name(gender): WholeNumberField(_in_all(GENDERS[gender])) for gender in KNOWN_GENDERS}
    for gender in ALL_GENDERS:
        for age in KNOWN_AGES:
            fields[part_name(gender, age)] = WholeNumberField(f"{GENDERS[gender]}, {AGE_BANDS[age]}")
    form: DivisionForm = type("PeopleDivisionForm", (DivisionForm,), {**fields, "people": people})(
        data={**division_values(rows, people), "version": version}
    )
    return form


def division_values(rows: Iterable[Headcount], people: People) -> dict[str, int | None]:
    """What the boxes of a division hold as it is stored: field name -> number, None where there is nobody."""
    stored = {(row.gender, row.age_band): row.number for row in rows if (row.group, row.country) == people}
    values: dict[str, int | None] = {"total": sum(stored.values()) or None}
    for gender in ALL_GENDERS:
        ages = {age: stored.get((gender, age)) for age in ALL_AGES}
        if gender != UNKNOWN:
            values[part_name(gender)] = sum(number or 0 for number in ages.values()) or None
        values |= {part_name(gender, age): ages[age] for age in KNOWN_AGES}
    return values


def box_name(draft: HeadcountDraft) -> str:
    """What the box of such people is called."""
    return "-".join(("box", draft.group, draft.country, draft.gender, draft.age_band))


def part_name(gender: str, age_band: str = "") -> str:
    """What the box of a gender's people is called, or of those of them who are of an age."""
    return "-".join(filter(None, ("part", gender, age_band)))


def _is_whole(draft: HeadcountDraft) -> bool:
    return draft.gender == draft.age_band == UNKNOWN


def _in_all(label: object) -> str:
    return str(_("%(gender)s, in all", gender=label))


def _box_label(draft: HeadcountDraft) -> str:
    details = [
        show_country(draft.country) if draft.country else "",
        str(GENDERS[draft.gender]) if draft.gender != UNKNOWN else "",
        str(AGE_BANDS[draft.age_band]) if draft.age_band != UNKNOWN else "",
    ]
    return ", ".join([str(GROUPS[draft.group]), *(detail for detail in details if detail)])
