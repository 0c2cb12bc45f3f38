"""The words of surveys: of their kinds of items, states of waves, and acts."""

from flask_babel import lazy_gettext as _l

ITEM_KINDS = {
    "likert": _l("Agreement on a scale"),
    "single": _l("One choice"),
    "multiple": _l("Several choices"),
    "number": _l("Number"),
    "text": _l("Open text"),
}

KIND_EXPLANATIONS = {
    "likert": _l("People say how far they agree with a statement, on steps such as 1 to 5."),
    "single": _l("People choose one answer of a list."),
    "multiple": _l("People choose all answers of a list that fit."),
    "number": _l("People type a number, such as years."),
    "text": _l("People write in their own words. Nobody analyses it for you."),
}

PART_ACTS: dict[str, dict[str, object]] = {
    "sections": {
        "add": _l("Add a section"),
        "edit": _l("Edit the section"),
        "remove": _l("Remove the section"),
        "hint": _l("The questions of a section stand on one screen of a phone."),
    },
    "scales": {
        "add": _l("Add a scale"),
        "edit": _l("Edit the scale"),
        "remove": _l("Remove the scale"),
        "hint": _l("A scale is the average of the answers to several questions; reversed ones are turned round first."),
    },
    "groups": {
        "add": _l("Add a question about groups"),
        "edit": _l("Edit the question about groups"),
        "remove": _l("Remove the question about groups"),
        "hint": _l("It is asked first, and its answers divide people in the results, such as by country."),
    },
}

# Which text of a questionnaire, or which part of it.
PLACES = {
    "study": _l("Survey"),
    "key": _l("Key"),
    "project": _l("Project"),
    "title": _l("Title"),
    "consent": _l("Consent"),
    "note": _l("Note for readers of the results"),
    "group": _l("Group %(number)s (%(key)s)"),
    "level": _l("Group %(number)s (%(key)s), answer %(part)s"),
    "section": _l("Title of section %(number)s"),
    "item": _l("Question %(number)s (%(key)s)"),
    "label": _l("Question %(number)s (%(key)s), step %(part)s"),
    "lowest": _l("Question %(number)s (%(key)s), lowest step (%(part)s)"),
    "highest": _l("Question %(number)s (%(key)s), highest step (%(part)s)"),
    "choice": _l("Question %(number)s (%(key)s), answer %(part)s"),
    "scale": _l("Title of scale %(number)s (%(key)s)"),
    "in-section": _l("Section %(number)s (%(key)s)"),
    "in-scale": _l("Scale %(number)s (%(key)s)"),
    "languages": _l("Languages"),
    "items": _l("Questions"),
    "sections": _l("Sections"),
    "scales": _l("Scales"),
    "groups": _l("Groups"),
    "waves": _l("Waves"),
    "wave": _l("Wave %(number)s (%(key)s)"),
    "margins": _l("Known shares of the population"),
    "margin": _l("Known shares of “%(key)s”"),
    "share": _l("Known shares of “%(key)s”, answer “%(part)s”"),
    "pairing": _l("Answers of the same person"),
    "mapped": _l("What measures the same as “%(key)s”"),
}

# A part of a questionnaire whose key is not known.
NUMBERED_PLACES = {
    "wave": _l("Wave %(number)s"),
    "group": _l("Group %(number)s"),
    "in-section": _l("Section %(number)s"),
    "item": _l("Question %(number)s"),
    "in-scale": _l("Scale %(number)s"),
    "margin": _l("Known shares %(number)s"),
}

# What of a part, by the word of a questionnaire's file.
COLUMNS = {
    "key": _l("key"),
    "type": _l("kind"),
    "text": _l("text"),
    "title": _l("title"),
    "section": _l("section"),
    "min": _l("lowest answer"),
    "max": _l("highest answer"),
    "labels": _l("words of the steps"),
    "choices": _l("answers to choose from"),
    "levels": _l("answers to choose from"),
    "required": _l("whether it must be answered"),
    "may_refuse": _l("whether “don't know” is offered"),
    "show_if": _l("when it is shown"),
    "random": _l("whether its questions come in an order of chance"),
    "items": _l("questions"),
    "reverse": _l("reversed questions"),
    "min_answered": _l("least share of answered questions"),
    "opens": _l("first day"),
    "last_day": _l("last day"),
    "open_link": _l("open link"),
    "source": _l("where they come from"),
    "method": _l("how they are found"),
    "elements": _l("elements of the code"),
    "require": _l("how many elements must agree"),
}

NEXT_STEPS = {
    "write": _l("Write the first question"),
    "mend": _l("Mend the questionnaire"),
    "translate": _l("Translate the missing texts"),
    "publish": _l("Publish the questionnaire"),
    "add-wave": _l("Add a wave"),
    "open-wave": _l("Open the wave"),
    "collect": _l("Collect answers"),
    "read": _l("Read the results"),
}

MISSING_ANSWERS = {
    "@dk": _l("Don't know"),
    "@no": _l("Prefer not to say"),
}

WAVE_STATES = {
    "planned": _l("Not open yet"),
    "open": _l("Takes answers"),
    "closed": _l("Takes no more answers"),
}

SHEET_STATES = {
    "once": _l("Typed in once"),
    "differ": _l("Typings differ"),
    "agree": _l("Typings agree"),
    "settled": _l("Settled"),
}

IMPORT_KINDS = {"responses": _l("Answers to a survey")}

PAIRING_METHODS = {
    "code": _l("By a code that people build themselves"),
    "respondent": _l("By a number that people agreed to"),
    "none": _l("Not at all: different people are asked"),
}

ACTIONS = {
    "study_created": _l("Survey created"),
    "study_changed": _l("Questionnaire edited"),
    "study_draft_removed": _l("Draft of a questionnaire removed"),
    "study_published": _l("Questionnaire published"),
    "study_version_begun": _l("New version of the questionnaire begun"),
    "wave_changed": _l("Wave of a survey changed"),
    "tokens_issued": _l("Personal codes for a survey issued"),
    "paper_typed": _l("Paper form typed in"),
    "paper_settled": _l("Differences of a paper form settled"),
    "paper_removed": _l("Typing of a paper form removed"),
    "fieldwork_noted": _l("Fieldwork noted"),
    "fieldwork_changed": _l("Note of fieldwork changed"),
    "fieldwork_removed": _l("Note of fieldwork removed"),
    "study_analysed": _l("Survey analysed"),
    "margins_changed": _l("Known shares of the population changed"),
}
KINDS = {"study": _l("Survey")}
FIELDS = {
    "languages": _l("Languages"),
    "study": _l("Survey"),
    "wave": _l("Wave"),
    "handed_out": _l("Forms handed out"),
    "returned": _l("Forms returned"),
    "by_hand": _l("Opened or closed by hand"),
    "open_link": _l("Open link"),
    "asked": _l("Version"),
    "hash": _l("Fingerprint"),
    "number": _l("Number"),
    "items": _l("Questions"),
    "scales": _l("Scales"),
    "margins": _l("Known shares of the population"),
    "mapping": _l("Questions that measure the same"),
    "to_check": _l("Translations to look at again"),
}
VALUES: dict[str, dict[str, object]] = {}

# What the elements of the code ask for: each one letter or number that stays the same and tells nobody who it is.
CODE_ELEMENTS = {
    "c1": _l("The first letter of your mother's first name"),
    "c2": _l("The first letter of the town or village where you were born"),
    "c3": _l("The day of the month on which you were born, as a number from 1 to 31"),
    "c4": _l("How many older brothers and sisters you have or had, as a number"),
    "c5": _l("The last letter of the family name that you were born with"),
    "c6": _l("The first letter of your father's first name"),
    "c7": _l("The month in which your mother was born, as a number from 1 to 12"),
    "c8": _l("The first letter of the street on which you lived when you started school"),
}
