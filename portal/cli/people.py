"""Commands about people: their accounts and their roles."""

import sys

import click

from portal.accounts.rules import Role
from portal.accounts.services.accounts import PersonDraft
from portal.accounts.services.memberships import RoleDraft, add_user
from portal.cli.context import in_app, print_json, with_actor, with_format
from portal.core import clock
from portal.core.errors import InvalidInput, InvalidInputs, Problem
from portal.projects.queries import find_project, list_organisations


@click.group()
def user() -> None:
    """Accounts of people."""


@user.command("add")
@click.argument("email")
@click.option("--name", required=True, help="The person's name.")
@click.option("--role", help=f"A role in a project: {', '.join(Role)}.")
@click.option("--project", help="The code of the project.")
@click.option("--organisation", default="", help="The key of the organisation, for roles that are held for one.")
@click.option("--admin", is_flag=True, help="Let the person run the portal.")
@click.option("--password-stdin", is_flag=True, help="Read the password from the standard input.")
@with_format
@in_app
@with_actor
def add(
    email: str,
    name: str,
    role: str | None,
    project: str | None,
    organisation: str,
    admin: bool,
    password_stdin: bool,
    shape: str,
) -> None:
    """Make an account for EMAIL, or give an account that is there a further role, a name, or a new password."""
    if (role is None) != (project is None) or (organisation and not role):
        raise click.UsageError("A role needs --role and --project; --organisation belongs to them.")
    # The line's own end is no part of the password.
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    wanted = RoleDraft(project, role, organisation) if role and project else None
    try:
        new = add_user(PersonDraft(email, name, password=password), wanted, admin=admin, now=clock.now())
    except InvalidInput as error:
        # What the services of accounts do not know of projects is said together with the rest.
        missing = _place_problems(wanted) if wanted else []
        known = [each for each in error.problems if each.code != "membership-unknown"]
        raise InvalidInputs([*known, *missing] or error.problems) from error
    if shape == "json":
        held = {"project": project, "role": role, "organisation": organisation or None}
        print_json({"email": email, "created": new, **held})
    else:
        click.echo(f"{email}: {'added' if new else 'changed'}.")


def _place_problems(role: RoleDraft) -> list[Problem]:
    """What is wrong with the place of the role: no such project, or no such organisation in it."""
    keys = {"", *(each.key for each in list_organisations(role.project_code))}
    if find_project(role.project_code) and role.organisation in keys:
        return []
    named = {"project": role.project_code, "organisation": role.organisation}
    return [Problem("membership-unknown", "project", named)]


COMMANDS = (user,)
