"""Two records of one organisation become one: what that does to the events they organise."""

from portal.activities.rules.facts import EventFacts, Facts


def merge_organisers(event: EventFacts, *, kept: str, country: str, gone: str) -> EventFacts:
    """The event as organised by `kept`, of that country, in the place of `gone`; where both did, `kept` once."""
    if gone not in event.organisers:
        return event
    left = [pair for pair in zip(event.organisers, event.countries, strict=True) if pair[0] not in (kept, gone)]
    organisers, countries = zip(*left, (kept, country), strict=True)
    return event._replace(organisers=organisers, countries=countries)


def merge_facts(facts: Facts, *, kept: str, country: str, gone: str) -> Facts:
    """The facts that outcomes would be counted from if the organisation `gone` were `kept`, of that country."""
    events = [merge_organisers(event, kept=kept, country=country, gone=gone) for event in facts.events]
    return facts._replace(events=events)
