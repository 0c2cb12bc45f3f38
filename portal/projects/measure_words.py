"""The words for measures: what each kind counts, and its options."""

from flask_babel import lazy_gettext as _l

KINDS = {
    "participations": _l("Participations"),
    "persons": _l("Persons"),
    "events": _l("Events"),
    "organisations": _l("Organisations"),
    "sum": _l("Sum of other indicators"),
    "manual": _l("Entered by hand"),
    "survey": _l("Result of a survey"),
    "hours": _l("Hours of services"),
    "money": _l("Money given"),
    "assisted_persons": _l("Assisted persons"),
}

EXPLANATIONS = {
    "participations": _l("Each time somebody attends an event: who comes to three events counts three times."),
    "persons": _l(
        "Different people who attended events, each counted once. Headcounts are added as they are, so the figure is "
        "“at most”."
    ),
    "events": _l("Events that were held."),
    "organisations": _l("Organisations of the project, or only those that organised an event that was held."),
    "sum": _l("The other indicators you choose, added up."),
    "manual": _l("Figures entered by hand on the outcome's page, each with a day, a reason and evidence."),
    "survey": _l("The mean of a scale, or a share of answers, in one wave of a survey."),
    "hours": _l("Hours of case work, once the portal keeps case work. Until then nothing is reported."),
    "money": _l("Amounts of help given in case work, once the portal keeps it. The target is an amount."),
    "assisted_persons": _l("People helped in case work, once the portal keeps it. Until then nothing is reported."),
}

OPTIONS = {
    "joint": _l("Joint events"),
    "public": _l("Public events"),
    "event_kinds": _l("Kinds of events"),
    "groups": _l("Groups that count"),
    "exclude_groups": _l("Groups that do not count"),
    "work_package": _l("Work package"),
    "of": _l("Indicators to add up"),
    "roles": _l("Parts in the project"),
    "active": _l("Which organisations"),
    "study": _l("Survey"),
    "scale": _l("Scale"),
    "item": _l("Question"),
    "wave": _l("Wave"),
    "statistic": _l("Figure"),
    "bases": _l("On what basis they are helped"),
    "services": _l("Services"),
    "forms": _l("Forms of help"),
}

STATISTICS = {"mean": _l("Mean"), "share": _l("Share in per cent")}

BASES = {
    "imprisoned": _l("Imprisoned"),
    "released": _l("Released"),
    "family_of_imprisoned": _l("Family of an imprisoned person"),
    "family_of_released": _l("Family of a released person"),
    "victim": _l("Victim"),
}

ANSWERS = {
    "joint": {True: _l("Only joint events"), False: _l("Only those that are not joint")},
    "public": {True: _l("Only public events"), False: _l("Only closed events")},
    "active": {True: _l("Only those that organised a held event"), False: _l("Every organisation of these parts")},
}
"""Option -> the words for its yes and its no."""
