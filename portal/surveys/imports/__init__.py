"""Files of responses: what their columns say, and what storing them would change."""

from portal.accounts.rules import Permission
from portal.imports import kinds
from portal.imports.kinds import ImportKind
from portal.surveys.imports.columns import FIXED_COLUMNS, STUDY, WAVE, list_columns
from portal.surveys.imports.responses import plan_responses
from portal.surveys.labels import IMPORT_KINDS
from portal.surveys.services.responses import check_undo_of_responses, store_responses, undo_responses

RESPONSES = ImportKind(
    name="responses",
    label=IMPORT_KINDS["responses"],
    permission=Permission.EDIT_STUDIES,
    columns=FIXED_COLUMNS,
    plan=plan_responses,
    store=store_responses,
    undo=undo_responses,
    check_undo=check_undo_of_responses,
    export=None,
    options=(STUDY, WAVE),
    columns_of=list_columns,
    columns_by=STUDY.name,
)


def register() -> None:
    """Let files of responses be imported."""
    kinds.register(RESPONSES)
