"""Tables of people and what they may open."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.rules import Role
from portal.core.db import Base, UtcDateTime, one_of


class User(Base):
    """A person with an account; the e-mail is kept in lower case and signs in."""

    __tablename__ = "users"
    __table_args__ = (
        UniqueConstraint("email"),
        CheckConstraint("email = lower(email)", name="email_lower"),
        one_of("language", ("en", "lt", "pl"), "language"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(2), default="en")
    is_active: Mapped[bool] = mapped_column(default=True)
    # Made to try the portal out; cannot sign in to a portal in production.
    is_demo: Mapped[bool] = mapped_column(default=False)
    # Runs the portal: accounts, memberships, outbox, jobs. Sees no project by that.
    is_admin: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    memberships: Mapped[list["Membership"]] = relationship(back_populates="user", order_by="Membership.id")

    # What Flask-Login asks of a user.
    is_authenticated = True
    is_anonymous = False

    def get_id(self) -> str:
        """The id as the session keeps it."""
        return str(self.id)


class SignIn(Base):
    """A session of a signed-in person, kept here so that it can be ended from here; the browser holds its token."""

    __tablename__ = "sign_ins"
    __table_args__ = (UniqueConstraint("token_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    # SHA-256 of the token in hex: who reads the database cannot sign in with it.
    token_hash: Mapped[str] = mapped_column(String(64))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SignInAttempt(Base):
    """A refused attempt to sign in, counted against the account and against the address; both as keyed hashes."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (
        Index("ix_sign_in_attempts_account_hash_at", "account_hash", "at"),
        Index("ix_sign_in_attempts_address_hash_at", "address_hash", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_hash: Mapped[str] = mapped_column(String(64))
    address_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class AccountLink(Base):
    """A link that lets its holder choose a password once: an invitation or a reset."""

    __tablename__ = "account_links"
    __table_args__ = (UniqueConstraint("token_hash"), one_of("purpose", ("invitation", "reset"), "purpose"))

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Membership(Base):
    """A role of a user in a project, for one organisation where the role is held for one."""

    __tablename__ = "memberships"
    __table_args__ = (
        # Named by table, so that accounts need not know the projects' models.
        ForeignKeyConstraint(
            ["project_code", "organisation_key"],
            ["organisations.project_code", "organisations.key"],
            ondelete="CASCADE",
        ),
        UniqueConstraint("user_id", "project_code", "role", "organisation_key"),
        Index(
            "uq_memberships_whole_project",
            "user_id",
            "project_code",
            "role",
            unique=True,
            sqlite_where=text("organisation_key IS NULL"),
            postgresql_where=text("organisation_key IS NULL"),
        ),
        CheckConstraint(
            "(role IN ('partner', 'finance', 'controller')) = (organisation_key IS NOT NULL)", name="organisation"
        ),
        one_of("role", tuple(Role), "role"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    project_code: Mapped[str] = mapped_column(ForeignKey("projects.code", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(String(20))
    organisation_key: Mapped[str | None] = mapped_column(String(40))

    user: Mapped[User] = relationship(back_populates="memberships")
