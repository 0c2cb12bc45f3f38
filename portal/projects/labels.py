"""The words for the projects' vocabularies, as people read them."""

from flask_babel import lazy_gettext as _l

ROLES = {
    "lead": _l("Lead partner"),
    "partner": _l("Project partner"),
    "associated": _l("Associated partner"),
}

EVENT_KINDS = {
    "workshop": _l("Workshop"),
    "training": _l("Training"),
    "public_space_renewal": _l("Public-space renewal"),
    "creative": _l("Creative activity"),
    "support_group": _l("Support group"),
    "tournament": _l("Tournament"),
    "survey_fieldwork": _l("Survey fieldwork"),
    "meeting": _l("Meeting"),
    "other": _l("Other"),
}

GROUPS = {
    "professional": _l("Professionals"),
    "staff": _l("Staff"),
    "community_member": _l("Community members"),
    "convicted_person": _l("Convicted persons"),
    "family_member": _l("Family members"),
    "spectator": _l("Spectators"),
    "other": _l("Others"),
    "unknown": _l("Not known"),
}

GENDERS = {"f": _l("Female"), "m": _l("Male"), "x": _l("Other"), "unknown": _l("Not known")}

AGE_BANDS = {
    "under18": _l("Under 18"),
    "18-29": "18–29",
    "30-44": "30–44",
    "45-64": "45–64",
    "65plus": _l("65 and over"),
    "unknown": _l("Not known"),
}

UNITS = {
    "participations": _l("participations"),
    "organisations": _l("organisations"),
    "events": _l("events"),
    "persons": _l("persons"),
    "hours": _l("hours"),
}

ACTIONS = {
    "project_loaded": _l("Project loaded from its file"),
    "project_updated": _l("Project updated from its file"),
}
