"""Forms of projects."""

from portal.projects.forms.members import AnyRoleForm, InviteForm, PressForm, RoleForm

__all__ = ["AnyRoleForm", "InviteForm", "PressForm", "RoleForm"]
