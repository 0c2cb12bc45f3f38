"""The forms of contracts and their files."""

from collections.abc import Iterable, Sequence
from typing import Any, cast

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from portal.budget.forms.fields import AmountField, AmountRequired
from portal.budget.queries.contracts import ContractRow, OrganisationRow, contract_currencies, contract_draft
from portal.budget.rules.contracts import LONGEST_REFERENCE, ContractDraft
from portal.core import clock
from portal.core.errors import InvalidInput
from portal.core.files.forms import FilesChosen, FilesField
from portal.core.files.rules import ENDINGS
from portal.core.files.services import KeptUpload, keep_uploads
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
from portal.core.money import Cents
from portal.core.web.language import text_in


class ContractForm(Form):
    """What is stated of a contract; whose it is, is asked where there is a choice, and does not change."""

    organisation = ChoiceField(_l("Organisation"))
    reference = TextField(_l("Reference"), [required(), at_most(LONGEST_REFERENCE)])
    name = TextField(_l("Name"), [required(), at_most(300)])
    signed_on = DayField(_l("Signed on"))
    amount_cents = AmountField(_l("Amount"), [AmountRequired()])
    currency = ChoiceField(_l("Currency"), [required()])
    supplier = TextField(_l("Supplier"), [at_most(300)])
    vat_number = TextField(_l("VAT number"), [at_most(40)])
    beneficial_owners = ParagraphsField(_l("Beneficial owners"), [at_most(2000)], render_kw={"rows": 3})
    note = ParagraphsField(_l("Note"), [at_most(2000)], render_kw={"rows": 3})
    version = VersionField()

    def offer(self, organisations: Sequence[OrganisationRow]) -> None:
        """Fill the lists of choices: these organisations, and the currencies of any of them."""
        named = [(each.key, text_in(each.name)) for each in organisations]
        offer(self.organisation, named if len(named) == 1 else [("", _("Choose an organisation")), *named])
        offer(self.currency, [(each, each) for each in _currencies(organisations)])

    def validate_organisation(self, field: ChoiceField) -> None:
        """One of those offered is chosen."""
        if not field.data:
            raise ValidationError(_("Choose an organisation."))

    def draft(self) -> ContractDraft:
        """What the form states, once it is found complete."""
        return ContractDraft(
            reference=self.reference.data or "",
            name=self.name.data or "",
            signed_on=self.signed_on.data,
            amount_cents=cast(Cents, self.amount_cents.data),
            currency=self.currency.data,
            supplier=self.supplier.data or "",
            vat_number=(self.vat_number.data or "").upper(),
            beneficial_owners=self.beneficial_owners.data or "",
            note=self.note.data or "",
        )


class ContractFilesForm(Form):
    """Files of a contract."""

    files = FilesField(_l("Files"), [FilesChosen()], render_kw={"accept": ",".join(ENDINGS)})

    kept: Sequence[KeptUpload] = ()

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether every file is one that can be kept: then they lie in the store."""
        if not super().validate(extra_validators):
            return False
        try:
            self.kept = keep_uploads(self.files.uploads, now=clock.now())
        except InvalidInput as refusal:
            self.answer_status = refusal.status
            self.show_problems(refusal)
            return False
        return True


class RemoveContractForm(Form):
    """The confirmation that a contract goes: the one the page showed."""

    version = VersionField()


class RemoveContractFileForm(Form):
    """The confirmation that a file is taken off a contract."""


def contract_values(contract: ContractRow) -> dict[str, Any]:
    """What the form of a stored contract shows at first; also what a stale form is compared with."""
    stated = contract_draft(contract)._asdict()
    return {**stated, "organisation": contract.organisation.key, "version": contract.version}


def _currencies(organisations: Iterable[OrganisationRow]) -> list[str]:
    return list(dict.fromkeys(currency for each in organisations for currency in contract_currencies(each)))
