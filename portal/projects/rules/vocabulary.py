"""The words that project facts may use; each tuple stands in the order in which pages offer its words."""

from collections.abc import Mapping
from typing import Final
from zoneinfo import available_timezones

LANGUAGES: Final = ("en", "lt", "pl")

PROJECT_TYPES: Final = ("cooperation", "assistance")

PROJECT_STATUSES: Final = ("preparation", "running", "closed")

# The reasons of versions that nobody wrote one for; pages say them in words.
AS_AGREED: Final = "as-agreed"
FROM_FILE: Final = "project-file"

ACTIVITY_STATUSES: Final = ("planned", "running", "done", "cancelled")

# A partner that takes part without a budget.
ASSOCIATED: Final = "associated"
ORGANISATION_ROLES: Final = ("lead", "partner", ASSOCIATED)

EVENT_KINDS: Final = (
    "workshop",
    "training",
    "public_space_renewal",
    "creative",
    "support_group",
    "tournament",
    "survey_fieldwork",
    "meeting",
    "other",
)

GROUPS: Final = (
    "professional",
    "staff",
    "community_member",
    "convicted_person",
    "family_member",
    "spectator",
    "other",
    "unknown",
)

GENDERS: Final = ("f", "m", "x", "unknown")

AGE_BANDS: Final = ("under18", "18-29", "30-44", "45-64", "65plus", "unknown")

COST_CATEGORIES: Final = ("staff", "office", "travel", "external", "equipment", "infrastructure", "other")

# "other" is only ever a flat rate.
REAL_COST_CATEGORIES: Final = COST_CATEGORIES[:-1]

FLAT_RATE_CEILINGS: Final[Mapping[str, int]] = {
    "staff": 20,
    "travel": 15,
    "office_on_staff": 15,
    "office_on_direct": 7,
    "other_on_staff": 40,
}
"""The highest whole percent of each flat rate. Source: Regulation (EU) 2021/1059 and CPR, to verify (rules 1.6)."""

FLEXIBILITY_SCOPES: Final = ("category", "partner")

MEASURE_KINDS: Final = (
    "participations",
    "persons",
    "events",
    "organisations",
    "sum",
    "manual",
    "survey",
    "hours",
    "money",
    "assisted_persons",
)

STATISTICS: Final = ("mean", "share")

BASES: Final = ("imprisoned", "released", "family_of_imprisoned", "family_of_released", "victim")

ASSUMABLE: Final = (
    "lead",
    "time_zone",
    "translations",
    "numbers",
    "codes",
    "measures",
    "funding_statement",
    "reporting",
    "rules",
)
"""The facts that a project's source may leave open, so that the team's own reading stands in for them."""

_CURRENCIES: Final = """
    ALL AMD AZN BAM BGN BYN CHF CZK DKK EUR GBP GEL GIP HUF ISK MDL MKD NOK PLN RON RSD RUB SEK TRY UAH USD
"""
CURRENCIES: Final = frozenset(_CURRENCIES.split())
"""ISO 4217: the currencies of Europe, and the dollar."""

_COUNTRIES: Final = """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY
    BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK
    FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR
    IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK
    ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM
    PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF
    TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
    XK
"""
COUNTRIES: Final = frozenset(_COUNTRIES.split())
"""ISO 3166-1 alpha-2, and XK, which the standard leaves to its users and the European Union uses for Kosovo."""

# Read once: looking for them walks through the whole time zone database.
ZONES: Final = frozenset(available_timezones())

ZONE_BY_COUNTRY: Final[Mapping[str, str]] = {
    "AD": "Europe/Andorra",
    "AL": "Europe/Tirane",
    "AM": "Asia/Yerevan",
    "AT": "Europe/Vienna",
    "AZ": "Asia/Baku",
    "BA": "Europe/Sarajevo",
    "BE": "Europe/Brussels",
    "BG": "Europe/Sofia",
    "BY": "Europe/Minsk",
    "CH": "Europe/Zurich",
    "CY": "Asia/Nicosia",
    "CZ": "Europe/Prague",
    "DE": "Europe/Berlin",
    "DK": "Europe/Copenhagen",
    "EE": "Europe/Tallinn",
    "ES": "Europe/Madrid",
    "FI": "Europe/Helsinki",
    "FO": "Atlantic/Faroe",
    "FR": "Europe/Paris",
    "GB": "Europe/London",
    "GE": "Asia/Tbilisi",
    "GI": "Europe/Gibraltar",
    "GR": "Europe/Athens",
    "HR": "Europe/Zagreb",
    "HU": "Europe/Budapest",
    "IE": "Europe/Dublin",
    "IS": "Atlantic/Reykjavik",
    "IT": "Europe/Rome",
    "LI": "Europe/Vaduz",
    "LT": "Europe/Vilnius",
    "LU": "Europe/Luxembourg",
    "LV": "Europe/Riga",
    "MC": "Europe/Monaco",
    "MD": "Europe/Chisinau",
    "ME": "Europe/Podgorica",
    "MK": "Europe/Skopje",
    "MT": "Europe/Malta",
    "NL": "Europe/Amsterdam",
    "NO": "Europe/Oslo",
    "PL": "Europe/Warsaw",
    "PT": "Europe/Lisbon",
    "RO": "Europe/Bucharest",
    "RS": "Europe/Belgrade",
    "RU": "Europe/Moscow",
    "SE": "Europe/Stockholm",
    "SI": "Europe/Ljubljana",
    "SK": "Europe/Bratislava",
    "SM": "Europe/San_Marino",
    "TR": "Europe/Istanbul",
    "UA": "Europe/Kyiv",
    "VA": "Europe/Vatican",
    "XK": "Europe/Belgrade",
}
"""The IANA time zone of the capital, for the countries of Europe and its neighbours in the programmes."""
