"""Warnings that say the same of several places and waves are read once."""

from portal.surveys.rules.gathering import gather


def missing(item, wave, share):
    return {"code": "many-missing", "where": item, "values": {"wave": wave, "share": share, "n": 400}}


def test_questions_with_the_same_waves_are_one_warning():
    found = gather([
        missing("q3", "baseline", 0.3),
        missing("q3", "endline", 0.25),
        missing("q5", "baseline", 0.4),
        missing("q5", "endline", 0.22),
        missing("q9", "endline", 0.21),
    ])  # fmt: skip
    assert [(each.where, each.waves, dict(each.ranged)) for each in found] == [
        (("q3", "q5"), ("baseline", "endline"), {"share": (0.22, 0.4)}),
        (("q9",), ("endline",), {"share": (0.21, 0.21)}),
    ]


def test_what_is_of_different_scales_or_counts_stays_apart():
    def against(item, scale):
        values = {"scale": scale, "wave": "baseline", "correlation": -0.4, "n": 405}
        return {"code": "looks-reversed", "where": item, "values": values}

    found = gather([against("q1", "trust"), against("q2", "work"), against("q3", "trust")])
    assert [(each.where, each.values["scale"]) for each in found] == [(("q1", "q3"), "trust"), (("q2",), "work")]
    few = [{"code": "few-answers", "where": wave, "values": {"n": n}} for wave, n in (("a", 12), ("b", 24))]
    assert [each.where for each in gather(few)] == [("a",), ("b",)]


def test_groups_and_waves_of_too_few_are_named_together():
    warnings = [{"code": "levels-hidden", "where": group, "values": {"least": 10}} for group in ("age", "place")]
    assert [each.where for each in gather(warnings)] == [("age", "place")]
    assert gather([]) == []
