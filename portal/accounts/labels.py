"""The words for roles and for what is done to accounts, as people read them."""

from flask_babel import lazy_gettext as _l

ROLES = {
    "manager": _l("Project manager"),
    "partner": _l("Partner"),
    "finance": _l("Finance officer"),
    "controller": _l("Controller"),
    "programme": _l("Programme authority"),
    "researcher": _l("Researcher"),
    "auditor": _l("Auditor"),
    "viewer": _l("Viewer"),
}

# What each role is for, beside the choice of a role.
ROLE_HINTS = {
    "manager": _l("edits the project, sees everything, invites people"),
    "partner": _l("logs the events of one organisation"),
    "finance": _l("enters the expenditure of one organisation"),
    "controller": _l("controls the expenditure of one organisation"),
    "programme": _l("verifies reports and confirms payments"),
    "researcher": _l("makes and analyses surveys"),
    "auditor": _l("reads expenditure and the audit"),
    "viewer": _l("reads the project"),
}

ACTIONS = {
    "account_added": _l("Account made"),
    "account_invited": _l("Account made by invitation"),
    "invitation_sent_again": _l("Invitation sent again"),
    "account_changed": _l("Account edited"),
    "account_disabled": _l("Account disabled"),
    "account_enabled": _l("Account enabled"),
    "admin_given": _l("Made administrator"),
    "admin_taken": _l("No longer administrator"),
    "password_chosen": _l("Password chosen by link"),
    "password_changed": _l("Password changed"),
    "reset_asked": _l("New password asked for"),
    "signed_in": _l("Signed in"),
    "signed_out": _l("Signed out"),
    "signed_out_elsewhere": _l("Signed out everywhere else"),
    "membership_added": _l("Role given"),
    "membership_moved": _l("Role moved to the organisation that stays"),
    "membership_removed": _l("Role removed"),
    "mail_resent": _l("Mail sent again"),
    "job_cancelled": _l("Job cancelled"),
}

KINDS = {"account": _l("Account"), "membership": _l("Role in the project"), "mail": _l("Mail"), "job": _l("Job")}

FIELDS = {
    "email": _l("E-mail"),
    "person": _l("Name"),
    "password": _l("Password"),
    "language": _l("Language"),
    "active": _l("Open to sign-ins"),
    "admin": _l("Administrator"),
    "role": _l("Role"),
    "organisation": _l("Organisation"),
}
VALUES = {"role": ROLES}

MAILS = {
    "account_invitation": _l("Invitation"),
    "account_reset": _l("New password"),
    "account_password_changed": _l("Password changed"),
    "account_membership": _l("Role given"),
    "comment": _l("Comment"),
    "test": _l("Test mail"),
}
