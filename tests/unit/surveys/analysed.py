"""An analysis as the worker keeps it, for what tells, shows and prints it; and changes to put into it."""

from copy import deepcopy
from typing import Any

from portal.surveys.rules.judging import judge

SUPPRESSED = {"suppressed": True}


def change(
    estimate: float,
    ci: tuple[float | None, float | None],
    p: float | None,
    effect: float = 0.3,
    design: str = "independent",
) -> dict[str, Any]:
    """A change of a scale with its interval, its p after correction and its effect."""
    return {
        "design": design,
        "estimate": estimate,
        "ci": list(ci),
        "tests": [{"name": "welch", "statistic": 2.0, "df": 700.0, "p": p, "p_holm": p}],
        "effects": [{"name": "hedges_g", "value": effect, "ci": [effect - 0.1, effect + 0.1]}],
        "verdict": judge(ci, p),
        "why": {"code": "not-paired", "values": {"measure": "scale", "pairs": 0, "first": 400, "second": 390}},
    }


def analysed(found: dict[str, Any] | None = None, **levels: dict[str, Any]) -> dict[str, Any]:
    """The analysis with this change of its scale, and with these changes of the levels of country."""
    result = deepcopy(RESULT)
    scale = result["scales"][0]
    if found is not None:
        scale["change"] = found
    if levels:
        waves = scale["groups"]["country"]["LT"]["waves"]
        scale["groups"]["country"] = {key: {"waves": waves, "change": each} for key, each in levels.items()}
        scale["contrasts"] = []
    return result


def contrast(estimate: float, p: float, levels: tuple[str, str] = ("LT", "PL")) -> dict[str, Any]:
    """How the changes of two countries differ."""
    ci = [estimate - 0.1, estimate + 0.1]
    facts = {"ci": ci, "statistic": 2.0, "df": 700.0, "p": p, "p_holm": p, "verdict": judge(ci, p)}
    return {"by": "country", "levels": list(levels), "estimate": estimate, **facts}


RESULT: dict[str, Any] = {
    "study": "trust",
    "instrument": {
        "number": 2,
        "hash": "abababababababababababababababababababababababababababababababab",
        "languages": ["en", "lt", "pl"],
        "waves": {"baseline": 1, "endline": 2},
    },
    "waves": [{"key": "baseline", "n": 412}, {"key": "endline", "n": 398}, {"key": "followup", "suppressed": True}],
    "compared": ["baseline", "endline"],
    "pairing": {"method": "code", "matched": 170, "ambiguous": 4, "unmatched": 466, "expected_false_matches": 0.3},
    "weighting": {
        "waves": {
            "baseline": {"n": 412, "n_eff": 371.2, "deff": 1.11},
            "endline": {"n": 398, "n_eff": 398.0, "deff": 1.0},
        }
    },
    "scales": [
        {
            "key": "trust",
            "items": ["q1", "q2", "q3"],
            "reverse": ["q3"],
            "least": 1.0,
            "most": 5.0,
            "alpha": {
                "baseline": {
                    "value": 0.81,
                    "ci": [0.78, 0.84],
                    "n": 405,
                    "languages": {
                        "lt": {"value": 0.8, "ci": [0.75, 0.84], "n": 200},
                        "pl": {"value": 0.82, "ci": [0.78, 0.86], "n": 205},
                        "en": {"suppressed": True},
                    },
                },
                "endline": {"value": 0.83, "ci": [0.8, 0.86], "n": 390, "languages": {}},
            },
            "waves": {
                "baseline": {
                    "n": 405,
                    "mean": 2.91,
                    "sd": 0.77,
                    "ci": [2.83, 2.99],
                    "above_middle": 0.44,
                    "weighted": {"mean": 2.95, "sd": 0.76, "ci": [2.87, 3.03], "n_eff": 366.1},
                },
                "endline": {
                    "n": 390,
                    "mean": 3.1,
                    "sd": 0.75,
                    "ci": [3.03, 3.17],
                    "above_middle": 0.52,
                    "weighted": None,
                },
            },
            "change": {
                "design": "partially_overlapping",
                "estimate": 0.19,
                "ci": [0.08, 0.3],
                "tests": [
                    {"name": "partially_overlapping_t", "statistic": 3.51, "df": 700.1, "p": 0.0005, "p_holm": 0.001}
                ],
                "effects": [{"name": "hedges_g", "value": 0.25, "ci": [0.11, 0.39]}],
                "verdict": "up",
                "why": {
                    "code": "partly-same",
                    "values": {"measure": "scale", "pairs": 168, "first": 405, "second": 390},
                },
            },
            "groups": {
                "country": {
                    "LT": {
                        "waves": {
                            "baseline": {"n": 200, "mean": 2.9, "sd": 0.8, "ci": [2.79, 3.01], "weighted": None},
                            "endline": {"n": 195, "mean": 3.1, "sd": 0.8, "ci": [2.99, 3.21], "weighted": None},
                        },
                        "change": {
                            "design": "independent",
                            "estimate": 0.2,
                            "ci": [0.04, 0.36],
                            "tests": [{"name": "welch", "statistic": 2.49, "df": 392.9, "p": 0.013, "p_holm": 0.026}],
                            "effects": [{"name": "hedges_g", "value": 0.25, "ci": [0.05, 0.45]}],
                            "verdict": "up",
                            "why": {
                                "code": "not-paired",
                                "values": {"measure": "scale", "pairs": 0, "first": 200, "second": 195},
                            },
                        },
                    },
                    "PL": {
                        "waves": {
                            "baseline": {"n": 205, "mean": 2.92, "sd": 0.75, "ci": [2.8, 3.0], "weighted": None},
                            "endline": {"suppressed": True},
                        },
                        "change": {"suppressed": True},
                    },
                    "other": {"suppressed": True},
                }
            },
            "contrasts": [
                {
                    "by": "country",
                    "levels": ["LT", "PL"],
                    "estimate": 0.05,
                    "ci": [-0.19, 0.29],
                    "statistic": 0.4,
                    "df": 780.2,
                    "p": 0.69,
                    "p_holm": 0.69,
                    "verdict": "cannot-tell",
                },
                {"by": "country", "levels": ["LT", "other"], "suppressed": True},
            ],
        }
    ],
    "items": [
        {
            "key": "q1",
            "kind": "likert",
            "waves": {
                "baseline": {
                    "n": 410,
                    "counts": {"1": 20, "2": 50, "3": 100, "4": 140, "5": 100},
                    "mean": 3.6,
                    "sd": 1.1,
                    "ci": [3.5, 3.7],
                    "missing": {"dk": 1, "refused": 1, "none": 0},
                },
                "endline": {
                    "n": 390,
                    "counts": {"1": 15, "2": 45, "3": 90, "4": 140, "5": 100},
                    "mean": 3.7,
                    "sd": 1.1,
                    "ci": [3.5, 3.7],
                    "missing": {"dk": 4, "refused": 3, "none": 1},
                },
            },
            "change": {
                "design": "independent",
                "estimate": 0.1,
                "ci": [-0.05, 0.25],
                "tests": [{"name": "mann_whitney", "statistic": 82000.0, "df": None, "p": 0.2, "p_holm": 0.6}],
                "effects": [{"name": "rank_biserial", "value": 0.05, "ci": [-0.03, 0.13]}],
                "verdict": "cannot-tell",
                "why": {
                    "code": "not-paired",
                    "values": {"measure": "ordinal", "pairs": 0, "first": 410, "second": 390},
                },
            },
        },
        {
            "key": "met",
            "kind": "single",
            "waves": {
                "baseline": {
                    "n": 400,
                    "counts": {"yes": 100, "no": 300},
                    "mean": 0.25,
                    "sd": None,
                    "ci": None,
                    "missing": {"dk": 6, "refused": 6, "none": 0},
                },
                "endline": {"suppressed": True},
            },
            "change": {"suppressed": True},
        },
        {
            "key": "where",
            "kind": "multiple",
            "waves": {
                "baseline": {
                    "n": 99,
                    "counts": {"work": 60, "family": 30, "other": 20},
                    "mean": None,
                    "sd": None,
                    "ci": None,
                    "missing": {"dk": 1, "refused": 0, "none": 312},
                },
                "endline": {"suppressed": True},
            },
            "change": None,
        },
        {
            "key": "years",
            "kind": "number",
            "waves": {
                "baseline": {
                    "n": 300,
                    "counts": None,
                    "mean": 7.5,
                    "sd": 3.1,
                    "ci": [7.1, 7.9],
                    "missing": {"dk": 1, "refused": 0, "none": 111},
                },
                "endline": {"suppressed": True},
            },
            "change": {"suppressed": True},
        },
        {
            "key": "why",
            "kind": "text",
            "waves": {
                "baseline": {
                    "n": 120,
                    "counts": None,
                    "mean": None,
                    "sd": None,
                    "ci": None,
                    "missing": {"dk": 0, "refused": 0, "none": 292},
                },
                "endline": {"suppressed": True},
            },
            "change": None,
        },
    ],
    "warnings": [
        {"code": "wave-too-small", "where": "followup", "values": {"least": 10}},
        {"code": "few-answers", "where": "endline", "values": {"n": 24}},
        {"code": "instruments-differ", "where": "", "values": {"first": 1, "second": 2, "items": ["q7"]}},
        {"code": "scale-items-differ", "where": "trust", "values": {"items": ["q7"]}},
        {
            "code": "looks-reversed",
            "where": "q3",
            "values": {"scale": "trust", "wave": "baseline", "correlation": -0.41, "n": 405},
        },
        {"code": "low-alpha", "where": "trust", "values": {"wave": "baseline", "alpha": 0.55, "n": 405}},
        {"code": "ceiling", "where": "trust", "values": {"wave": "baseline", "share": 0.31, "n": 405}},
        {"code": "floor", "where": "trust", "values": {"wave": "baseline", "share": 0.31, "n": 405}},
        {"code": "many-missing", "where": "q1", "values": {"wave": "baseline", "share": 0.31, "n": 412}},
        {"code": "false-matches", "where": "", "values": {"expected": 4.2, "matched": 170}},
        {"code": "few-pairs", "where": "", "values": {"least": 10}},
        {"code": "levels-hidden", "where": "country", "values": {"least": 10}},
    ],
}
