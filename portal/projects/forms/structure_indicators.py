"""The form of an indicator: only the fields that its kind of measure takes."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form as PlainForm
from wtforms.validators import ValidationError

from portal.core.forms import (
    CheckboxesField,
    ChoiceField,
    ParagraphsField,
    TextField,
    WholeNumberField,
    at_most,
    chosen,
    offer,
    offered,
    required,
)
from portal.core.web.language import text_in
from portal.projects.forms.structure import ChangeForm, Values, amount_shown, given, text_values
from portal.projects.labels import EVENT_KINDS, GROUPS, ROLES
from portal.projects.measure_words import ANSWERS, BASES, OPTIONS, STATISTICS
from portal.projects.measuring import Named, choices_for
from portal.projects.queries.structure import Structure
from portal.projects.rules.measures import OPTIONS_BY_KIND
from portal.projects.rules.merging import Row
from portal.projects.rules.targets import HUNDRED, IN_HUNDREDTHS, MONEY, SURVEY
from portal.projects.rules.values import LARGEST_COUNT, NAME_LIMIT, TEXT_LIMIT

FLAGS = {"yes": True, "no": False}
LISTS = ("event_kinds", "groups", "exclude_groups", "roles", "bases")
KEYS = ("services", "forms")
NAMES = ("study", "scale", "item", "wave", "statistic")
# What stands where nothing is chosen of what a room above this one keeps.
UNCHOSEN = {
    "study": _l("Choose a survey"),
    "scale": _l("No scale"),
    "item": _l("No question"),
    "wave": _l("Choose a wave"),
}
MOST_ROWS = 1_000


class NamedField(ChoiceField):
    """One of what a room above this one keeps; that room says what is wrong with anything else, and what there is."""

    def pre_validate(self, form: PlainForm) -> None:
        """Leave it to the room."""

    def fill(self, unchosen: Any, choices: Named) -> None:
        """Offer these, and what the field holds where that is not among them: a project file may have named it."""
        known = {value for value, words in choices}
        held = dict.fromkeys(each for each in (self.object_data, self.data) if each and each not in known)
        offer(self, [("", unchosen), *choices, *((each, _("%(key)s: not there yet", key=each)) for each in held)])


class IndicatorForm(ChangeForm):
    """A row of the outcome table and what it counts."""

    key = TextField(_l("Key"), [required(), at_most(40)])
    name_en = TextField(_l("Name in English"), [at_most(NAME_LIMIT)])
    name_lt = TextField(_l("Name in Lithuanian"), [at_most(NAME_LIMIT)])
    name_pl = TextField(_l("Name in Polish"), [at_most(NAME_LIMIT)])
    code = TextField(_l("Code"), [at_most(40)])
    unit = TextField(_l("Unit"), [at_most(40)])
    target = TextField(_l("Target"), [at_most(40)])
    measure_joint = ChoiceField(
        OPTIONS["joint"],
        choices=[("", _l("All events")), ("yes", ANSWERS["joint"][True]), ("no", ANSWERS["joint"][False])],
        default="",
    )
    measure_public = ChoiceField(
        OPTIONS["public"],
        choices=[("", _l("All events")), ("yes", ANSWERS["public"][True]), ("no", ANSWERS["public"][False])],
        default="",
    )
    measure_event_kinds = CheckboxesField(OPTIONS["event_kinds"], choices=offered(EVENT_KINDS.items()))
    measure_groups = CheckboxesField(OPTIONS["groups"], choices=offered(GROUPS.items()))
    measure_exclude_groups = CheckboxesField(OPTIONS["exclude_groups"], choices=offered(GROUPS.items()))
    measure_work_package = ChoiceField(OPTIONS["work_package"], default="")
    measure_of = CheckboxesField(OPTIONS["of"], [chosen])
    measure_roles = CheckboxesField(OPTIONS["roles"], choices=offered(ROLES.items()))
    measure_active = ChoiceField(
        OPTIONS["active"],
        choices=[("", ANSWERS["active"][False]), ("yes", ANSWERS["active"][True])],
        default="",
    )
    measure_study = NamedField(OPTIONS["study"], [required(), at_most(40)], default="")
    measure_scale = NamedField(OPTIONS["scale"], [at_most(40)], default="")
    measure_item = NamedField(OPTIONS["item"], [at_most(40)], default="")
    measure_wave = NamedField(OPTIONS["wave"], [required(), at_most(40)], default="")
    measure_statistic = ChoiceField(OPTIONS["statistic"], [required()], choices=STATISTICS.items(), default="mean")
    measure_bases = CheckboxesField(OPTIONS["bases"], choices=offered(BASES.items()))
    measure_services = TextField(OPTIONS["services"])
    measure_forms = TextField(OPTIONS["forms"])
    note_en = ParagraphsField(_l("Note in English"), [at_most(TEXT_LIMIT)], render_kw={"rows": 3})
    note_lt = ParagraphsField(_l("Note in Lithuanian"), [at_most(TEXT_LIMIT)], render_kw={"rows": 3})
    note_pl = ParagraphsField(_l("Note in Polish"), [at_most(TEXT_LIMIT)], render_kw={"rows": 3})
    place = WholeNumberField(_l("Place in the list"), least=1, most=MOST_ROWS)

    kind = "manual"
    # What the indicator is stored by; '' for a new one.
    own_key = ""
    # What was added up so far, in its order.
    summed: tuple[str, ...] = ()

    def narrow(self, kind: str) -> None:
        """Keep only the fields that this kind of measure takes."""
        self.kind = kind
        for name in OPTIONS:
            if name not in OPTIONS_BY_KIND[kind]:
                del self[f"measure_{name}"]

    @property
    def options(self) -> list[Any]:
        """The fields of the measure, in the order of its kind."""
        return [self[f"measure_{name}"] for name in OPTIONS_BY_KIND[self.kind]]

    def offer(self, structure: Structure) -> None:
        """Fill the lists of choices from the project."""
        rows = structure.rows
        if "measure_work_package" in self:
            packages = [(number, _titled(number, row)) for number, row in rows["work_packages"].items()]
            offer(self.measure_work_package, [("", _("All work packages")), *packages])
        if "measure_of" in self:
            # Nothing is a part of its own sum.
            named = [(key, _named(key, row)) for key, row in rows["indicators"].items() if key != self.own_key]
            self.measure_of.choices = offered(named)
            self.summed = tuple(self.measure_of.object_data or ())
        kept = choices_for(structure.project.code, self.kind)
        for name, unchosen in UNCHOSEN.items():
            if f"measure_{name}" in self:
                self[f"measure_{name}"].fill(unchosen, kept.get(name, ()))

    def validate_target(self, field: TextField) -> None:
        """A count is written in digits; what has decimals is read by the file's reader."""
        text = (field.data or "").replace(" ", "")
        counts = self.kind not in IN_HUNDREDTHS
        if counts and text and not (text.isascii() and text.isdigit() and int(text) <= LARGEST_COUNT):
            raise ValidationError(_("Enter a whole number, in digits."))

    def stated(self) -> Values:
        """The indicator's table."""
        target: Any = self.target.data
        if target and self.kind not in IN_HUNDREDTHS:
            target = int(target.replace(" ", ""))
        fields = {name: self[name].data for name in ("key", "code", "unit", "place") if name in self}
        texts = {name: self.texts(name) for name in ("name", "note")}
        return {**given({**fields, **texts, "target": target}), "measure": self._measure()}

    def _measure(self) -> Values:
        read = {name: self._option(name, self[f"measure_{name}"].data) for name in OPTIONS_BY_KIND[self.kind]}
        return {"kind": self.kind, **given(read)}

    def _option(self, name: str, value: Any) -> Any:
        if name in ("joint", "public", "active"):
            return FLAGS.get(value)
        if name == "work_package":
            return int(value) if value else None
        if name in KEYS:
            return [word for word in (value or "").replace(",", " ").split() if word]
        if name == "of":
            # What stays in the sum stays in its order.
            picked = value or []
            return [*(key for key in self.summed if key in picked), *(key for key in picked if key not in self.summed)]
        return value


def indicator_values(key: str, row: Row) -> Values:
    """What the form of an indicator shows at first."""
    measure: Any = row["measure"]
    said = {True: "yes", False: "no", None: ""}
    return {
        **text_values("name", row["name"]),
        **text_values("note", row["note"]),
        "code": row["code"],
        "unit": row["unit"],
        "target": _target_shown(row["target"], measure["kind"]),
        "place": row["position"],
        **{f"measure_{name}": measure.get(name, []) for name in (*LISTS, "of")},
        **{f"measure_{name}": measure.get(name, "") for name in NAMES},
        **{f"measure_{name}": said[measure.get(name)] for name in ("joint", "public", "active")},
        **{f"measure_{name}": ", ".join(measure.get(name, [])) for name in KEYS},
        "measure_work_package": str(measure.get("work_package", "")),
    }


def _target_shown(target: Any, kind: str) -> str:
    """The target as the form shows it; of a survey's result with decimals only where it has some."""
    whole, rest = divmod(target or 0, HUNDRED)
    if kind == MONEY or (kind == SURVEY and rest):
        return amount_shown(target)
    return "" if target is None else str(whole if kind == SURVEY else target)


def _titled(number: str, row: Row) -> str:
    title: Any = row["title"]
    return f"{number} {text_in(title)}".strip()


def _named(key: str, row: Row) -> str:
    name: Any = row["name"]
    return text_in(name) or key
