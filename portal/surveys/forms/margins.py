"""The form of the known shares of the population."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar, NamedTuple

from flask_babel import format_decimal
from flask_babel import gettext as _

from portal.core.errors import InvalidInputs
from portal.core.forms import Form, ReadField, TextField, VersionField, at_most
from portal.core.money import BasisPoints, read_percent
from portal.surveys.naming import Names
from portal.surveys.rules.documents import Group
from portal.surveys.rules.margins import LONGEST_SOURCE, Margin, Margins


class ShareField(ReadField):
    """A share in percent as people type it, or nothing; `data` is in hundredths of a percent."""

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, **{"render_kw": {"inputmode": "decimal", "maxlength": 20}, **kwargs})

    def _value(self) -> str:
        if self.raw_data and self.process_errors:
            return str(self.raw_data[0])
        return self.written(self.data)

    def written(self, value: BasisPoints | None) -> str:
        """A share that may stand in the field, as people read it."""
        return "" if value is None else str(format_decimal(Decimal(value).scaleb(-2), "0.00"))

    def read(self, text: str) -> BasisPoints:
        """The share."""
        return read_percent(text)


class GroupFields(NamedTuple):
    """A group with the names of its fields: of the share of each level, and of the source."""

    group: Group
    shares: Mapping[str, str]
    source: str


class MarginsForm(Form):
    """The share of each level of each group, and where the shares come from."""

    version = VersionField()
    of_groups: ClassVar[Sequence[GroupFields]] = ()

    def margins(self) -> dict[str, Margin]:
        """What the form states; a group that is left empty is not among it."""
        found = {}
        for each in self.of_groups:
            typed = {level: self[name].data for level, name in each.shares.items()}
            shares = {level: share for level, share in typed.items() if share is not None}
            source = self[each.source].data or ""
            if shares or source:
                found[each.group.key] = Margin(shares, source)
        return found

    def store(self, act: Callable[[Margins], None]) -> None:
        """Let `act` store what the form states; its problems stand at the fields that they are of."""
        stated = self.margins()
        try:
            act(stated)
        except InvalidInputs as error:
            places = self._places([*stated])
            raise InvalidInputs([each._replace(where=places.get(each.where, "")) for each in error.problems]) from error

    def _places(self, stated: Sequence[str]) -> dict[str, str]:
        """Place in a file -> name of the field; a sum stands at the first of its shares."""
        places: dict[str, str] = {}
        for each in self.of_groups:
            if each.group.key in stated:
                where = f"margins.#{stated.index(each.group.key) + 1}"
                places |= {f"{where}.shares.{level}": name for level, name in each.shares.items()}
                places |= {f"{where}.shares": next(iter(each.shares.values())), f"{where}.source": each.source}
        return places


def margins_form(groups: Sequence[Group], names: Names, values: Mapping[str, Any]) -> MarginsForm:
    """The form with the fields of these groups."""
    of_groups = [_fields_of(each) for each in groups]
    fields: dict[str, Any] = {}
    for each in of_groups:
        key = each.group.key
        # Errors name the group too: several groups may have the same answers, and each has a source.
        for level, name in each.shares.items():
            fields[name] = ShareField(f"{names.group(key)} – {names.level(key, level)}")
        label = f"{names.group(key)} – {_('Where the shares come from')}"
        fields[each.source] = TextField(label, [at_most(LONGEST_SOURCE)])
    form: MarginsForm = type("Margins", (MarginsForm,), {**fields, "of_groups": of_groups})(data=values)
    return form


def margin_values(groups: Sequence[Group], margins: Margins, version: int) -> dict[str, Any]:
    """What the form shows at first; also what a stale form is compared with."""
    values: dict[str, Any] = {"version": version}
    for each in map(_fields_of, groups):
        margin = margins.get(each.group.key, Margin({}, ""))
        values |= {name: margin.shares.get(level) for level, name in each.shares.items()}
        values[each.source] = margin.source
    return values


def _fields_of(group: Group) -> GroupFields:
    # Keys of levels may hold any sign: their letters' codes may stand in the name of a field.
    shares = {level.key: f"share-{group.key}-{level.key.encode().hex()}" for level in group.levels}
    return GroupFields(group, shares, f"source-{group.key}")
