"""Forms of attendance by session: the whole sheet at once, one person, somebody who came without being on the list."""

from collections.abc import Collection, Sequence
from typing import ClassVar, Final, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField
from wtforms.validators import AnyOf, InputRequired

from portal.activities.forms.attendance import CodeField, NamedForm
from portal.activities.queries.marking import PersonOnSheet
from portal.activities.rules.participants import SENSITIVE_GROUPS
from portal.activities.services.marking import Mark
from portal.activities.services.paper_sheets import SheetDraft, WalkIn
from portal.core.forms import (
    ChoiceField,
    Form,
    RadioChoiceField,
    TextField,
    VersionField,
    WholeNumberField,
    at_most,
    offer,
)
from portal.core.web.addresses import row_number
from portal.projects.forms.countries import country_choices
from portal.projects.labels import GROUPS


class PersonRef(NamedTuple):
    """Which person a page means: the number of the row and the tag that stands beside it, as in "12-5f3a0c91d2"."""

    row: int
    tag: str


NOBODY: Final = PersonRef(0, "")


def read_ref(text: str) -> PersonRef | None:
    """The person whom the text means; None where it means none."""
    number, _sign, tag = text.partition("-")
    row = row_number(number)
    return PersonRef(row, tag) if row and tag else None


class PeopleField(Field):
    """The people whose boxes are ticked, as their boxes say it."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read the ticked boxes."""
        self.data = list(valuelist)


class SheetForm(NamedForm):
    """A session's sheet as it was shown and as it is now, so that only what was changed on this page is stored.

    `listed` are the people on the page, `shown` those who were present, each with their minutes where they have any:
    "12-5f3a0c91d2 15-07be41aa90:60". `counted` is the number of signatures that was shown.
    """

    listed = HiddenField()
    shown = HiddenField()
    counted = HiddenField()
    present = PeopleField(_l("Who was there"))
    sheet_count = WholeNumberField(_l("Signatures on the sheet"))
    name = TextField(_l("Name"), [at_most(200)])
    email = TextField(_l("E-mail"), [at_most(254)], render_kw={"type": "email", "autocomplete": "off"})
    organisation = TextField(_l("Institution"), [at_most(200)])
    country = ChoiceField(_l("Country"), default="")
    group = ChoiceField(_l("Group"), default="unknown")

    boxes: ClassVar[dict[int, str]] = {}

    def offer(self, near: Collection[str]) -> None:
        """Fill the lists of choices; the countries in `near` come first."""
        offer(self.country, country_choices(near, _("Not known")))
        offer(self.group, [(key, label) for key, label in GROUPS.items() if key not in SENSITIVE_GROUPS])

    def draft(self) -> SheetDraft:
        """What was changed on the page."""
        count = self.sheet_count.data
        typed = [field.data for field in (self.name, self.email, self.organisation)]
        facts = (self.name.data or "", (self.email.data or "").lower(), self.organisation.data or "")
        walk_in = WalkIn(*facts, self.country.data, self.group.data) if any(typed) else None
        is_counted = ("" if count is None else str(count)) != (self.counted.data or "")
        return SheetDraft(self._marks(), is_counted, count, walk_in)

    def ticked(self) -> set[str]:
        """The people whose boxes are ticked."""
        return set(self.present.data or ())

    def minutes_box(self, row: int) -> Field | None:
        """The field of the minutes of a row; None where the page has none."""
        return self[self.boxes[row]] if row in self.boxes else None

    def _marks(self) -> list[Mark]:
        shown, ticked = _shown_people(self.shown.data or ""), self.ticked()
        marks = []
        for text in (self.listed.data or "").split():
            person = read_ref(text)
            if person is None:
                continue
            was_there, minutes = text in shown, shown.get(text)
            box = self.minutes_box(person.row)
            if box is not None:
                minutes = box.data
            # Whoever has minutes was there.
            is_there = text in ticked or (not was_there and bool(minutes))
            if is_there != was_there or (is_there and minutes != shown[text]):
                marks.append(Mark(person.row, is_there, minutes if is_there else None, person.tag, box is not None))
        return marks


def sheet_form(
    people: Sequence[PersonOnSheet], sheet_count: int | None, near: Collection[str], *, with_minutes: bool
) -> SheetForm:
    """The form of a session's sheet, filled with what is known; `with_minutes`: with a box for those of each person."""
    boxes = {person.id: f"minutes-{person.id}" for person in people} if with_minutes else {}
    fields = {
        boxes[person.id]: WholeNumberField(
            _("Minutes of %(number)s", number=person.number), default=person.minutes, least=1
        )
        for person in people
        if with_minutes
    }
    present = [person for person in people if person.is_present]
    stated = {
        "listed": " ".join(person.ref for person in people),
        "shown": " ".join(f"{each.ref}:{each.minutes}" if each.minutes else each.ref for each in present),
        "counted": "" if sheet_count is None else str(sheet_count),
        "present": [person.ref for person in present],
        "sheet_count": sheet_count,
    }
    form: SheetForm = type("SessionSheetForm", (SheetForm,), {**fields, "boxes": boxes})(data=stated)
    form.offer(near)
    return form


class MarkForm(Form):
    """One person at one session: there, or not."""

    person = HiddenField()
    present = HiddenField(validators=[AnyOf(["0", "1"])])

    @property
    def ref(self) -> PersonRef:
        """Which person is meant; nobody where none can be read."""
        return read_ref(self.person.data or "") or NOBODY

    @property
    def stated(self) -> Mark:
        """What is said of the person."""
        return Mark(self.ref.row, is_present=self.present.data == "1", tag=self.ref.tag)


class CodedWalkInForm(Form):
    """A convicted person or family member who came without being on the list: there is no field for a name."""

    group = RadioChoiceField(_l("Group"), [InputRequired(_l("Choose a group."))])
    participant = CodeField(_l("Code"), [at_most(11)])
    country = ChoiceField(_l("Country"), default="")

    def offer(self, near: Collection[str]) -> None:
        """Fill the lists of choices; the countries in `near` come first."""
        offer(self.group, [(key, label) for key, label in GROUPS.items() if key in SENSITIVE_GROUPS])
        offer(self.country, country_choices(near, _("Not known")))

    def draft(self) -> WalkIn:
        """What the form says of the person."""
        return WalkIn(group=self.group.data, code=self.participant.data or "", country=self.country.data)


class RestAbsentForm(Form):
    """The one press that says of everyone else that they did not come; `version` is that of the list that was shown."""

    version = VersionField()


class LinkForm(Form):
    """The one press that makes the helpers' link, or ends it."""

    act = HiddenField(validators=[AnyOf(["make", "end"])])


def _shown_people(text: str) -> dict[str, int | None]:
    """Person -> minutes (None: all the time) of those that the page showed as present."""
    parts = (part.partition(":") for part in text.split())
    return {person: row_number(minutes) for person, _sign, minutes in parts}
