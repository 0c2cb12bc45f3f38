"""The sentences of what accounts refuse."""

from flask_babel import lazy_gettext as _l

SENTENCES = {
    "role-unknown": _l("There is no role “%(value)s”. Use one of: %(allowed)s."),
    "role-needs-organisation": _l("This role is held for one organisation. Choose it."),
    "role-without-organisation": _l("This role is held for the whole project. Leave the organisation out."),
    "membership-unknown": _l("There is no project “%(project)s” with an organisation “%(organisation)s”."),
    "membership-gone": _l("Nobody holds this role in the project any more. Reload the list of members."),
    "last-manager": _l("This is the last manager of %(projects)s. Make someone else a manager there first."),
    "not-a-member": _l("This project is not open to you."),
    "not-open": _l("This is not open to you."),
    "not-allowed": _l("Your role in this project does not include this."),
    "sign-in-wrong": _l("The e-mail or the password is not right. Check both and try again."),
    "too-many-attempts": _l("Too many attempts. Wait %(minutes)s min and try again."),
    "email-malformed": _l("This is not an e-mail address. Write it like name@example.org."),
    "name-missing": _l("Give the name as colleagues know it."),
    "name-malformed": _l("Use at most %(limit)s characters for the name, on one line."),
    "password-missing": _l("A new account needs a password. Give it on the standard input with --password-stdin."),
    "password-short": _l(
        "The password has %(length)s characters. Use at least %(least)s; three unusual words are good."
    ),
    "password-long": _l("Shorten the password to %(most)s characters."),
    "password-common": _l(
        "This password is among those that are guessed first: it is made of common words, years or keys side by side. "
        "Choose words that nobody connects with you or your work."
    ),
    "password-personal": _l("The password holds your name or a part of your e-mail. Choose one without them."),
    "password-wrong": _l("This is not your present password."),
    "password-same": _l("This is your present password. Choose another one."),
    "link-unknown": _l("This link is not known. Check that its address is complete, or ask for a new one."),
    "link-used": _l("This link has been used. A link works once; ask for a new one if you need it."),
    "link-expired": _l("This link is too old. Ask for a new one."),
    "account-just-made": _l("Someone has made an account for this e-mail at this moment. Send the form once more."),
    "account-unknown": _l("There is no such account."),
    "actor-unknown": _l("“%(email)s” has no open account. Name one that has, or leave --as out."),
    "account-stale": _l(
        "Someone else has changed this account since you opened it. Check it, then repeat your change."
    ),
    "account-closed": _l("This person's account is disabled. Ask the administrator to enable it."),
    "last-admin": _l("This is the last administrator. Make someone else an administrator first."),
    "invitation-needless": _l("This person has chosen a password or the account is disabled: no invitation was sent."),
}
