"""What people say of an organisation beside what is agreed: its other spellings, its address, whom to ask there."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from portal.accounts.rules.people import email_problems, name_problems
from portal.core.errors import InvalidInputs, Problem
from portal.projects.rules.values import NAME_LIMIT

MOST_ALIASES: Final = 100
LONGEST_ADDRESS: Final = 300
LONGEST_DUTY: Final = 200
LONGEST_PHONE: Final = 40
FEWEST_DIGITS: Final = 3


class OrganisationDetails(NamedTuple):
    """The other spellings of an organisation's name, in order, and its address, with line breaks."""

    aliases: tuple[str, ...]
    address: str


class ContactDraft(NamedTuple):
    """A person to ask at an organisation, as stated; '' is not stated."""

    name: str
    duty: str = ""
    email: str = ""
    phone: str = ""


def plain_aliases(stated: Iterable[str], names: Iterable[str]) -> tuple[str, ...]:
    """The stated spellings in order, each once and with single spaces, without those that are among the `names`."""
    plain = (" ".join(text.split()) for text in stated)
    known = {*names, ""}
    return tuple(dict.fromkeys(text for text in plain if text not in known))


def check_details(details: OrganisationDetails) -> None:
    """Raise InvalidInputs with everything that is wrong."""
    problems = []
    if len(details.aliases) > MOST_ALIASES:
        problems.append(Problem("list-too-long", "aliases", {"limit": MOST_ALIASES}))
    if any(len(alias) > NAME_LIMIT for alias in details.aliases):
        problems.append(Problem("text-too-long", "aliases", {"limit": NAME_LIMIT}))
    if len(details.address) > LONGEST_ADDRESS:
        problems.append(Problem("text-too-long", "address", {"limit": LONGEST_ADDRESS}))
    if problems:
        raise InvalidInputs(problems)


def check_contact(draft: ContactDraft) -> None:
    """Raise InvalidInputs with everything that is wrong; the e-mail follows the rules of accounts."""
    problems = [*name_problems(draft.name), *(email_problems(draft.email) if draft.email else [])]
    if len(draft.duty) > LONGEST_DUTY:
        problems.append(Problem("text-too-long", "duty", {"limit": LONGEST_DUTY}))
    # Extensions are written in words, so that only the digits are asked for.
    digits = sum(character.isdigit() for character in draft.phone)
    readable = digits >= FEWEST_DIGITS and draft.phone.isprintable()
    if draft.phone and (not readable or len(draft.phone) > LONGEST_PHONE):
        problems.append(Problem("phone-malformed", "phone", {"limit": LONGEST_PHONE}))
    if problems:
        raise InvalidInputs(problems)
