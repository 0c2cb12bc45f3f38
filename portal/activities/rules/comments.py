"""Rules of comments: what may be written, who may call a question done, and which comment can be taken back."""

from enum import StrEnum
from typing import NamedTuple

from portal.core.errors import Conflict, InvalidInput, NotAllowed

LONGEST_COMMENT = 4_000
# How much of a comment a mail repeats.
EXCERPT = 500


class TopicKind(StrEnum):
    """What a question can be about."""

    EVENT = "event"
    ACTIVITY = "activity"


class Author(NamedTuple):
    """Who writes: the number of the account, and the name it has at that moment."""

    id: int
    name: str


def check_text(text: str) -> str:
    """The text as it is kept, without space around; raise InvalidInput if it is empty or too long."""
    kept = text.strip()
    if not kept:
        raise InvalidInput("comment-missing", where="text")
    if len(kept) > LONGEST_COMMENT:
        raise InvalidInput("text-too-long", where="text", limit=LONGEST_COMMENT)
    return kept


def may_settle(asker_id: int, reader_id: int, *, answers_for_it: bool) -> bool:
    """Whether the reader may call a question done or open it again: who asked it, or who answers for its topic."""
    return answers_for_it or asker_id == reader_id


def may_remove(author_id: int, reader_id: int, *, is_followed: bool, is_manager: bool) -> bool:
    """Whether the reader may take a comment away: its author while nothing follows it, the manager always."""
    return is_manager or (author_id == reader_id and not is_followed)


def check_removal(author_id: int, reader_id: int, *, is_followed: bool, is_manager: bool) -> None:
    """Raise NotAllowed for the comment of someone else, Conflict for one's own that has been answered since."""
    if may_remove(author_id, reader_id, is_followed=is_followed, is_manager=is_manager):
        return
    if author_id != reader_id:
        raise NotAllowed("comment-of-another")
    raise Conflict("comment-answered")


def excerpt(text: str) -> str:
    """The beginning of the text, at most EXCERPT characters of it, and an ellipsis where something is left out."""
    return text if len(text) <= EXCERPT else f"{text[:EXCERPT].rstrip()}…"


def quoted(text: str) -> str:
    """The text as mails quote it: each of its lines behind a mark, so that none can pass for the portal's own."""
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())
