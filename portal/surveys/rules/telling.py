"""What may be said of an analysis in plain words: never more than its figures carry.

A change is told only where the analysis says that there is one; otherwise "we cannot tell" is the answer. Nothing here
says why something has changed. Source: rules of surveys, "Analysis".
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Any, NamedTuple

from portal.surveys.rules.limits import find_limits
from portal.surveys.rules.verdicts import (
    TOLD,
    Ends,
    Part,
    Result,
    Verdict,
    differs,
    ends_of,
    group_verdicts,
    is_withheld,
    size_of,
    verdict,
)


class Telling(NamedTuple):
    """What is said in plain words, as paragraphs, and the limits that belong beneath it."""

    paragraphs: tuple[tuple[Part, ...], ...]
    limits: tuple[Part, ...]


def tell(result: Result) -> Telling:
    """The plain words and the limits of an analysis as interfaces 4 writes it.

    Up to three paragraphs: what has changed, where we cannot tell and how groups differ, how to read it.
    """
    paragraphs = tuple(tuple(parts) for parts in _paragraphs(result))
    return Telling(tuple(parts for parts in paragraphs if parts), tuple(find_limits(result)))


def tell_scale(result: Result, scale: Result) -> Iterator[Part]:
    """What may be said of the change of this scale in full; nothing where no two waves are compared."""
    ends = ends_of(result)
    if ends is not None:
        yield from _of_scale(scale, verdict(scale.get("change")), ends)
        yield from _cautions(result, {scale["key"]}, {scale["key"]})


def _paragraphs(result: Result) -> Iterator[Iterable[Part]]:
    """Each kind of news once."""
    ends, asked = ends_of(result), _asked(result)
    if ends is None:
        yield [*asked, Part("one-wave")]
    elif not result["scales"]:
        yield [*asked, *_of_items(result, ends)]
        yield [Part("who-answered")]
    else:
        found = {scale["key"]: verdict(scale.get("change")) for scale in result["scales"]}
        changed = [scale for scale in result["scales"] if found[scale["key"]] in TOLD]
        yield [*asked, *_changes(changed, found, ends)]
        yield [*_untold(found), *_of_groups(result)]
        yield _how_to_read(result, found)


def _untold(found: Mapping[str, Verdict]) -> Iterator[Part]:
    """The scales of which no change is told, by the reason."""
    for code in (Verdict.UNKNOWN, Verdict.WITHHELD, Verdict.NONE):
        keys = tuple(key for key, each in found.items() if each == code)
        if keys:
            yield Part(f"all-{code}", {"scales": keys})


def _how_to_read(result: Result, found: Mapping[str, Verdict]) -> Iterator[Part]:
    """What is to be read with care, that no cause is known, and of whom the figures speak."""
    told = {key for key, each in found.items() if each in TOLD}
    told |= {scale["key"] for scale, contrast in _contrasts_of(result) if differs(contrast)}
    yield from _cautions(result, told, told | {key for key, each in found.items() if each == Verdict.UNKNOWN})
    if told:
        yield Part("cause")
    yield Part("who-answered")


def _of_items(result: Result, ends: Ends) -> Iterator[Part]:
    """The same of single questions, where there are no scales: which have changed, and of which we cannot tell."""
    yield Part("items-alone")
    rows = {item["key"]: item for item in result["items"] if item.get("change")}
    found = {key: verdict(item["change"]) for key, item in rows.items()}
    for code in TOLD:
        changed = [_item_means(rows[key], ends) for key, each in found.items() if each == code]
        if changed:
            yield Part(f"items-{code}", {"changed": tuple(changed)})
    for code in (Verdict.UNKNOWN, Verdict.WITHHELD):
        keys = tuple(key for key, each in found.items() if each == code)
        if keys:
            yield Part(f"all-{code}", {"questions": keys})
    if any(each in TOLD for each in found.values()):
        yield Part("cause")


def _item_means(item: Result, ends: Ends) -> dict[str, Any]:
    """The question with its average in both waves; where a share was compared (`measure`), that is the average."""
    first, last = (item["waves"][end] for end in ends)
    return {
        "item": item["key"],
        "measure": item["change"]["why"]["values"]["measure"],
        "first": first["mean"],
        "last": last["mean"],
    }


def _asked(result: Result) -> Iterator[Part]:
    """How many answered in each wave; a wave without answers is not spoken of."""
    waves = tuple(
        (wave["key"], None if is_withheld(wave) else wave["n"])
        for wave in result["waves"]
        if is_withheld(wave) or wave.get("n")
    )
    if waves:
        yield Part("asked", {"waves": waves})


def _changes(scales: Sequence[Result], found: Mapping[str, Verdict], ends: Ends) -> Iterator[Part]:
    """A sentence for each scale that has changed; the ends of scales are told again only where they are others."""
    told: tuple[Any, Any] = (None, None)
    for scale in scales:
        is_first = told != (scale.get("least"), scale.get("most"))
        told = (scale.get("least"), scale.get("most"))
        values = _means(scale, ends)
        if not is_first:
            values |= {"least": None, "most": None}
        points = tuple(sorted(abs(end) for end in scale["change"]["ci"]))
        yield Part(f"{found[scale['key']]}", {**values, "points": points, "size": size_of(scale["change"])})


def _means(scale: Result, ends: Ends) -> dict[str, Any]:
    """The scale with its averages in both waves, and its ends."""
    first, last = (scale["waves"].get(end) or {} for end in ends)
    return {
        "scale": scale["key"],
        "first": first.get("mean"),
        "last": last.get("mean"),
        "least": scale.get("least"),
        "most": scale.get("most"),
    }


def _cautions(result: Result, told: Set[str], shown: Set[str]) -> Iterator[Part]:
    """What is to be read with care: of the scales that are told of, and items that look reversed of those shown."""
    warnings = result.get("warnings") or []
    against = {
        each["where"]: each["values"]["scale"]
        for each in warnings
        if each["code"] == "looks-reversed" and each["values"]["scale"] in shown
    }
    if against:
        scales = tuple(dict.fromkeys(against.values()))
        yield Part("care-reversed", {"items": tuple(against), "scales": scales})
    for code, said in (("low-alpha", "care-alpha"), ("scale-items-differ", "care-items")):
        where = [each["where"] for each in warnings if each["code"] == code and each["where"] in told]
        # That the questions of a scale hardly hang together is no news where one of them is turned round.
        known = against.values() if code == "low-alpha" else ()
        keys = tuple(key for key in dict.fromkeys(where) if key not in known)
        if keys:
            yield Part(said, {"scales": keys})
    reworded = {key for each in warnings if each["code"] == "items-reworded" for key in each["values"]["items"]}
    worded = tuple(each["key"] for each in result["scales"] if each["key"] in told and reworded & {*each["items"]})
    if worded:
        yield Part("care-words", {"scales": worded})


def _of_scale(scale: Result, found: Verdict, ends: Ends) -> Iterator[Part]:
    if found in (Verdict.NONE, Verdict.WITHHELD):
        yield Part(f"scale-{found}", {"scale": scale["key"]})
        return
    change, values = scale["change"], _means(scale, ends)
    low, high = change.get("ci") or (None, None)
    if low is None:
        yield Part("scale-no-interval", values)
    else:
        yield Part(f"scale-{found}", {**values, "low": low, "high": high})
    if found != Verdict.UNKNOWN and size_of(change):
        yield Part(f"size-{size_of(change)}")


def _contrasts_of(result: Result) -> Iterator[tuple[Result, Result]]:
    """Each scale with each of its contrasts that is not withheld."""
    for scale in result["scales"]:
        yield from ((scale, each) for each in scale.get("contrasts") or [] if not is_withheld(each))


def _of_groups(result: Result) -> Iterator[Part]:
    """Opposite changes one by one, all other differences at once, and once for all groups what cannot be told."""
    verdicts, others, unknown, is_any_told = group_verdicts(result), [], [], False
    for scale, contrast in _contrasts_of(result):
        if not differs(contrast):
            unknown.append(contrast["by"])
            continue
        is_any_told, values = True, _values(scale, contrast)
        pair = [verdicts.get((scale["key"], contrast["by"], values[name])) for name in ("more", "less")]
        if pair == [Verdict.RISEN, Verdict.FALLEN]:
            yield Part("opposite", values)
        else:
            others.append({**values, "unsure_more": pair[0] not in TOLD, "unsure_less": pair[1] not in TOLD})
    if others:
        yield Part("differs", {"differences": tuple(others)})
    if unknown:
        groups = {"groups": tuple(dict.fromkeys(unknown))}
        yield Part("difference-unknown-else") if is_any_told else Part("difference-unknown", groups)


def _values(scale: Result, contrast: Result) -> dict[str, Any]:
    """The two levels with their changes, the one that rose more (or fell less) first."""
    levels = scale["groups"][contrast["by"]]
    order = contrast["levels"] if contrast["estimate"] > 0 else contrast["levels"][::-1]
    changes = [levels[level]["change"]["estimate"] for level in order]
    values = {"scale": scale["key"], "by": contrast["by"], "more": order[0], "less": order[1]}
    return values | {"change_more": changes[0], "change_less": changes[1]}
