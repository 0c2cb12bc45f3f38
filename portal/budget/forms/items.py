"""Forms of items of expenditure: only the fields that the chosen category needs."""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from portal.budget.forms.fields import AmountField, AmountRequired, amount_shown
from portal.budget.labels import COST_CATEGORIES
from portal.budget.queries.items import ContractChoice, EventChoice, ItemRow, find_item
from portal.budget.rules.drafts import LONGEST, NOT_OF_STAFF, ItemDraft
from portal.budget.rules.masking import SALARIES
from portal.core.forms import (
    ChoiceField,
    DayField,
    Form,
    ParagraphsField,
    TextField,
    VersionField,
    at_most,
    offer,
    required,
)
from portal.core.money import EURO, Cents
from portal.core.web.formats import show_date
from portal.core.web.language import text_in
from portal.projects.models import WorkPackage
from portal.projects.rules.vocabulary import REAL_COST_CATEGORIES

# What the parts of one invoice have in common.
OF_THE_INVOICE = (
    *("category", "supplier", "supplier_tax_number", "invoice_number", "invoice_date", "payment_date"),
    *("currency", "invoice_total", "vat", "contract"),
)

# The submit buttons beside the plain one: show the category's fields, or go on with the next item.
SHOW_FIELDS, ENTER_NEXT = "show_fields", "enter_next"

# No item has this number.
NOBODYS = 0


class Offered(NamedTuple):
    """What an item of the organisation (its project's code and its key) may name, and be in (currencies)."""

    code: str
    organisation_key: str
    work_packages: Collection[WorkPackage]
    events: Collection[EventChoice]
    contracts: Collection[ContractChoice]
    currencies: Collection[str]
    # The categories that the organisation claims as a flat rate, and whether it has items that can be corrected.
    flat: Collection[str]
    corrigible: bool


class ItemForm(Form):
    """An item of expenditure of one organisation."""

    category = ChoiceField(_l("Cost category"), [required()])
    # The category whose fields the page showed.
    shown = HiddenField()
    internal_reference = TextField(_l("Internal reference"), [required(), at_most(LONGEST["internal_reference"])])
    description = ParagraphsField(
        _l("Description"), [required(), at_most(LONGEST["description"])], render_kw={"rows": 3}
    )
    supplier = TextField(_l("Supplier"), [at_most(LONGEST["supplier"])])
    supplier_tax_number = TextField(_l("Tax number"), [at_most(LONGEST["supplier_tax_number"])])
    invoice_number = TextField(_l("Invoice number"), [at_most(LONGEST["invoice_number"])])
    invoice_date = DayField(_l("Invoice date"))
    payment_date = DayField(_l("Payment date"))
    invoice_total = AmountField(_l("Total of the invoice"))
    vat = AmountField(_l("VAT"))
    declared_amount = AmountField(_l("Declared amount"), [AmountRequired()])
    currency = ChoiceField(_l("Currency"), [required()])
    activity = ChoiceField(_l("Activity or work package"), default="")
    event = ChoiceField(_l("Event"), default="")
    contract = ChoiceField(_l("Contract"), default="")
    corrects = TextField(_l("Corrects"), [at_most(LONGEST["internal_reference"])])
    version = VersionField()

    offered: Offered
    places: Mapping[str, tuple[int | None, int | None]]

    @property
    def is_of_staff(self) -> bool:
        """Whether the form asks for what belongs to a salary."""
        return bool(self.category.data == SALARIES)

    @property
    def is_turned(self) -> bool:
        """Whether it was sent to see the fields of another category, and not to be stored."""
        return self.is_submitted() and SHOW_FIELDS in request.form

    @property
    def goes_on(self) -> bool:
        """Whether the next item is to be entered once this one is stored."""
        return ENTER_NEXT in request.form

    def offer(self, offered: Offered) -> None:
        """Fill the lists of choices."""
        self.offered = offered
        offer(self.category, [(each, COST_CATEGORIES[each]) for each in REAL_COST_CATEGORIES])
        self.places = {"": (None, None), **places_of(offered.work_packages)}
        self.activity.choices = [SelectChoice("", _("None")), *_place_choices(offered.work_packages)]
        self.event.choices = [SelectChoice("", _("None")), *_event_choices(offered.events)]
        offer(self.contract, [("", _("None")), *((each.reference, _contract_name(each)) for each in offered.contracts)])
        offer(self.currency, [(each, each) for each in offered.currencies])

    def show_fields(self) -> None:
        """Let the page show the fields of the category, whatever it showed before."""
        if self.category.data not in REAL_COST_CATEGORIES:
            self.category.data = REAL_COST_CATEGORIES[0]
        self.shown.data = self.category.data

    def kept(self) -> list[tuple[str, str]]:
        """Name and value of what was typed into fields that the category does not need, should it be changed back."""
        if not self.is_of_staff:
            return []
        readable = [self[name] for name in NOT_OF_STAFF if not self[name].errors]
        typed = [(each.name, amount_shown(each.data) if each.name == "vat" else each.data) for each in readable]
        return [(name, str(value)) for name, value in typed if value]

    def validate_category(self, field: Field) -> None:
        """What was typed is not dropped unseen where the category was changed on a page with other fields."""
        if (self.shown.data == SALARIES) != self.is_of_staff:
            self.shown.data = field.data
            raise ValidationError(_("This category asks for other fields. Look at them once more, then save."))

    def draft(self) -> ItemDraft:
        """What the form says of the item, once it is found complete; also what its category has none of."""
        text = {name: self[name].data or "" for name in LONGEST}
        work_package_id, activity_id = self.places[self.activity.data]
        contracts = {each.reference: each.id for each in self.offered.contracts}
        events = {each.ref: each.id for each in self.offered.events}
        return ItemDraft(
            **text,
            category=self.category.data,
            work_package_id=work_package_id,
            activity_id=activity_id,
            event_id=events.get(self.event.data),
            contract_id=contracts.get(self.contract.data),
            invoice_date=self.invoice_date.data,
            payment_date=self.payment_date.data,
            invoice_total_cents=self.invoice_total.data,
            vat_cents=self.vat.data,
            declared_cents=self.declared_amount.data or Cents(0),
            currency=self.currency.data,
            corrects_id=self._corrected(),
        )

    def _corrected(self) -> int | None:
        if not self.corrects.data:
            return None
        found = find_item(self.offered.code, self.offered.organisation_key, self.corrects.data)
        return found.id if found else NOBODYS


class ItemRemoveForm(Form):
    """The confirmation that an item goes: the one the page showed, with the files it showed."""

    version = VersionField()
    # The hashes of the files.
    files = HiddenField()

    def shown_files(self) -> list[str]:
        """The hashes of the files that the page showed."""
        return (self.files.data or "").split()

    def reopen(self, item: ItemRow) -> None:
        """Let the form be sent again over the item and its files as they are now."""
        self.version.reopen(item.version)
        self.files.data, self.files.raw_data = files_of(item), None


def files_of(item: ItemRow) -> str:
    """The hashes of the files that prove the item, as the form of its removal holds them."""
    return " ".join(each.sha256 for each in item.evidence)


def item_values(item: ItemRow) -> dict[str, Any]:
    """What the form of a stored item shows at first; also what a stale form is compared with."""
    names = [*LONGEST, "category", "invoice_date", "payment_date", "currency", "version"]
    package = f"wp-{item.work_package.number}" if item.work_package else ""
    return {
        **{name: getattr(item, name) for name in names},
        "invoice_total": item.invoice_total_cents,
        "vat": item.vat_cents,
        "declared_amount": item.declared_cents,
        "activity": item.activity.number if item.activity else package,
        "event": item.event.ref if item.event else "",
        "contract": item.contract.reference if item.contract else "",
        "corrects": item.corrects.internal_reference if item.corrects else "",
    }


def part_values(item: ItemRow) -> dict[str, Any]:
    """What the form of another part of the item's invoice shows at first: the invoice."""
    values = item_values(item)
    return {name: values[name] for name in OF_THE_INVOICE}


def correction_values(item: ItemRow) -> dict[str, Any]:
    """What the form of a correction of the item shows at first: everything of it, taken back."""
    values = {name: value for name, value in item_values(item).items() if name not in ("internal_reference", "version")}
    amounts = ("declared_amount", "invoice_total", "vat")
    taken_back = {name: None if values[name] is None else Cents(-values[name]) for name in amounts}
    return {**values, **taken_back, "corrects": item.internal_reference}


def currencies_of(own: str, *stored: str) -> list[str]:
    """The organisation's own currency, the euro, and what an item is in already."""
    return list(dict.fromkeys([own, EURO, *stored]))


def places_of(work_packages: Collection[WorkPackage]) -> dict[str, tuple[int | None, int | None]]:
    """Value of the form -> the ids of the work package, where it is chosen as a whole, and of the activity."""
    places: dict[str, tuple[int | None, int | None]] = {}
    for package in work_packages:
        places[f"wp-{package.number}"] = (package.id, None)
        places |= {each.number: (None, each.id) for each in package.activities}
    return places


def _place_choices(work_packages: Collection[WorkPackage]) -> list[SelectChoice]:
    """Every work package with its activities, grouped."""
    found = []
    for package in work_packages:
        name = _("Work package %(number)s", number=package.number)
        group = f"{name}: {text_in(package.title)}"
        found.append(SelectChoice(f"wp-{package.number}", _("%(package)s as a whole", package=name), optgroup=group))
        for each in package.activities:
            found.append(SelectChoice(each.number, f"{each.number} {text_in(each.title)}", optgroup=group))
    return found


def _event_choices(events: Collection[EventChoice]) -> list[SelectChoice]:
    groups = {True: _("Own events"), False: _("Events of other partners")}
    return [
        SelectChoice(
            each.ref, f"{each.ref} {text_in(each.title)} · {show_date(each.day)}", optgroup=groups[each.is_own]
        )
        for each in events
    ]


def _contract_name(contract: ContractChoice) -> str:
    return f"{contract.reference} {contract.name}"
