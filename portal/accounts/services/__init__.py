"""Changing accounts, what they may open, and their sign-ins."""

from portal.accounts.services.accounts import set_account
from portal.accounts.services.memberships import add_membership

# What other features make accounts with; everything else is called by its module.
__all__ = ["add_membership", "set_account"]
