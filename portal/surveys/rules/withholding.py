"""What is told of an analysis: nothing of waves of whose answers too few are left, or that nobody answered in.

Source: rules of surveys and of disclosure.
"""

from collections.abc import Collection, Mapping
from typing import Any, Final

from portal.surveys.rules.disclosure import MIN_RESPONDENTS

HIDDEN: Final[Mapping[str, bool]] = {"suppressed": True}

Result = Mapping[str, Any]


def without_waves(result: Result, hidden: Collection[str]) -> dict[str, Any]:
    """The analysis without any figure of these waves: neither their own nor what they are compared by."""
    is_compared = bool({*hidden} & {*(result.get("compared") or ())})
    found = {
        **result,
        "waves": [_told(each["key"], each, hidden, key=each["key"]) for each in result["waves"]],
        "scales": [_scale(each, hidden, is_compared) for each in result["scales"]],
        "items": [_row(each, hidden, is_compared) for each in result["items"]],
        "warnings": _warnings(result.get("warnings") or (), hidden, is_compared),
    }
    if is_compared:
        found["pairing"] = {"method": result["pairing"]["method"], **HIDDEN}
    if result.get("weighting"):
        found["weighting"] = {**result["weighting"], "waves": _waves(result["weighting"]["waves"], hidden)}
    return found


def answered_in(result: Result) -> dict[str, Any]:
    """The analysis without the rows of waves that nobody answered in yet."""
    empty = {wave["key"] for wave in result["waves"] if wave.get("n") == 0}
    if not empty:
        return dict(result)
    weighting = result.get("weighting")
    return {
        **result,
        "scales": [_scale_answered(each, empty) for each in result["scales"]],
        "items": [{**each, "waves": _but(each["waves"], empty)} for each in result["items"]],
        "weighting": weighting and {**weighting, "waves": _but(weighting["waves"], empty)},
    }


def _scale_answered(scale: Result, empty: Collection[str]) -> dict[str, Any]:
    groups = {
        group: {
            level: dict(figures) if figures.get("suppressed") else {**figures, "waves": _but(figures["waves"], empty)}
            for level, figures in levels.items()
        }
        for group, levels in scale["groups"].items()
    }
    alpha = None if scale["alpha"] is None else _but(scale["alpha"], empty)
    return {**scale, "waves": _but(scale["waves"], empty), "alpha": alpha, "groups": groups}


def _but(waves: Mapping[str, Any], empty: Collection[str]) -> dict[str, Any]:
    return {key: figures for key, figures in waves.items() if key not in empty}


def _told(wave: str, figures: Any, hidden: Collection[str], **kept: str) -> Any:
    return {**kept, **HIDDEN} if wave in hidden else figures


def _waves(waves: Mapping[str, Any], hidden: Collection[str]) -> dict[str, Any]:
    return {key: _told(key, figures, hidden) for key, figures in waves.items()}


def _row(row: Result, hidden: Collection[str], is_compared: bool) -> dict[str, Any]:
    """A scale, an item or a level with its waves and its change."""
    if row.get("suppressed"):
        return dict(row)
    change = HIDDEN if is_compared and row.get("change") else row.get("change")
    return {**row, "waves": _waves(row["waves"], hidden), "change": change and dict(change)}


def _scale(scale: Result, hidden: Collection[str], is_compared: bool) -> dict[str, Any]:
    groups = {
        group: {level: _row(figures, hidden, is_compared) for level, figures in levels.items()}
        for group, levels in scale["groups"].items()
    }
    contrasts = scale["contrasts"]
    if is_compared:
        contrasts = [{"by": each["by"], "levels": each["levels"], **HIDDEN} for each in contrasts]
    alpha = None if scale["alpha"] is None else _waves(scale["alpha"], hidden)
    return {**_row(scale, hidden, is_compared), "alpha": alpha, "groups": groups, "contrasts": contrasts}


def _warnings(warnings: Collection[Result], hidden: Collection[str], is_compared: bool) -> list[Result]:
    """That these waves are too small now, and what is said of others."""
    small = [{"code": "wave-too-small", "where": key, "values": {"least": MIN_RESPONDENTS}} for key in hidden]
    gone = {"few-pairs", "false-matches"} if is_compared else set()
    told = [
        each
        for each in warnings
        if each["code"] not in gone and each["where"] not in hidden and each["values"].get("wave") not in hidden
    ]
    return [*small, *told]
