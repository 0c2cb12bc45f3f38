"""The words of results: tests, effects, why a test was used, what the analysis warns of, and how it was made."""

from flask_babel import lazy_gettext as _l

TESTS = {
    "welch": _l("Welch's t-test"),
    "mann_whitney": _l("Mann-Whitney test"),
    "paired_t": _l("Paired t-test"),
    "wilcoxon": _l("Wilcoxon signed-rank test"),
    "partially_overlapping_t": _l("Partially overlapping samples t-test"),
    "mcnemar": _l("McNemar's test"),
}
# The letter that a test's statistic goes by.
STATISTICS = {
    "welch": "t",
    "mann_whitney": "U",
    "paired_t": "t",
    "wilcoxon": "W",
    "partially_overlapping_t": "t",
    "mcnemar": "χ²",
}
EFFECTS = {
    "hedges_g": _l("Hedges' g"),
    "d_z": _l("Cohen's d_z"),
    "rank_biserial": _l("rank-biserial correlation"),
}

WHY = {
    "not-paired": _l("This survey joins nobody's answers, so the waves are compared as different people."),
    "none-matched": _l("Nobody was found in both waves, so the waves are compared as different people."),
    "too-few-pairs": _l("Too few people were found in both waves, so the waves are compared as different people."),
    "all-matched": _l(
        "Everybody who answered was found in both waves%(pairs)s, so each person's answers are compared with that"
        " person's own."
    ),
    "partly-same": _l(
        "Some people were found in both waves%(pairs)s and others in one only, so the test takes both into account."
    ),
}
PAIRS = _l(" (pairs: %(pairs)s)")
MEASURES = {
    "scale": _l("Scales are compared by their averages; answers may lie further apart in one wave than in the other."),
    "ordinal": _l("Answers in steps are compared by their order, because steps need not be equally far apart."),
    "ordinal-averages": _l(
        "Answers in steps are compared by their averages here, because no test of their order takes together people of"
        " both waves and people of one."
    ),
    "number": _l("Numbers are compared by their averages."),
    "yes-no": _l("With two answers to choose from, the shares of the first one are compared."),
}

WARNINGS = {
    "weights-outdated": _l(
        "Nothing is weighted by known shares: those of “%(where)s” do not name the answers that were offered. Correct"
        " the known shares of the population."
    ),
    "weights-level-empty": _l(
        "%(where)s: not weighted by known shares, as nobody answered “%(level)s”, which part of the population is."
    ),
    "weights-few": _l(
        "%(where)s: not weighted by known shares, as fewer than %(least)s people gave the same answers to %(groups)s,"
        " or did not give them all: a weighted figure could tell of these few. Weight by fewer groups."
    ),
    "weights-impossible": _l(
        "%(where)s: not weighted by known shares, as no weights bring the answers to those of %(groups)s at once. Check"
        " the shares, or weight by fewer groups."
    ),
    "wave-too-small": _l("%(where)s: fewer than %(least)s people answered, so no figure is given."),
    "few-answers": _l("%(where)s: only %(n)s people answered. Averages of so few move far by chance."),
    "instruments-differ": _l(
        "The waves did not ask with the same version of the questionnaire (%(first)s and %(second)s). Compare only"
        " what both asked alike. Not asked in both: %(items)s."
    ),
    "scale-items-differ": _l(
        "%(where)s: the waves did not ask all items of this scale, so its averages are not made of the same questions:"
        " %(items)s."
    ),
    "items-reworded": _l(
        "The words of these questions are not the same in both waves, so their change may come from the words:"
        " %(items)s."
    ),
    "scale-redefined": _l(
        "%(where)s: an earlier version of the questionnaire made this scale of other questions. In all waves it is the"
        " average of those in version %(number)s, so it may differ from results of before."
    ),
    "looks-reversed": _l(
        "%(where)s (%(wave)s): against the rest of the scale “%(scale)s” (correlation %(correlation)s). Check what is"
        " marked as reversed."
    ),
    "low-alpha": _l(
        "%(where)s (%(wave)s): the items hang together weakly (Cronbach's alpha %(alpha)s). Be careful with the"
        " average."
    ),
    "ceiling": _l("%(where)s (%(wave)s): %(share)s gave the highest answer, so a rise could hardly show."),
    "floor": _l("%(where)s (%(wave)s): %(share)s gave the lowest answer, so a fall could hardly show."),
    "many-missing": _l(
        "%(where)s (%(wave)s): %(share)s gave no answer that counts. Those who did may think differently."
    ),
    "false-matches": _l(
        "About %(expected)s of %(matched)s pairs may be of different people by chance. Ask for more elements of the"
        " code to agree."
    ),
    "few-pairs": _l(
        "Fewer than %(least)s people were found in both waves, so hardly anybody is compared with themselves."
    ),
    "levels-hidden": _l(
        "%(where)s: answers of groups with fewer than %(least)s people are part of the figures for everybody only."
    ),
}

METHOD = {
    "scores": _l(
        "A scale's value of a person is the average of the answered items after turning round those that are reversed"
        " (highest + lowest step − answer); who answered too few of its items has none."
    ),
    "reliability": _l(
        "Reliability is Cronbach's alpha from the pairwise-complete covariance matrix, with Feldt's interval, for each"
        " wave and language."
    ),
    "welch": _l("Different people: Welch's t-test, which does not assume equal variances, with Hedges' g."),
    "mann_whitney": _l("Single items of different people: Mann-Whitney test with the rank-biserial correlation."),
    "paired_t": _l("The same people: paired t-test with d_z."),
    "wilcoxon": _l(
        "Single items of the same people: Wilcoxon signed-rank test with the matched rank-biserial correlation."
    ),
    "partially_overlapping_t": _l(
        "Partly the same people: partially overlapping samples t-test with unequal variances (Derrick, Toher and White"
        " 2017)."
    ),
    "mcnemar": _l("Yes or no of the same people: McNemar's test."),
    "contrasts": _l("Groups are contrasted by the difference of their changes, with Welch-Satterthwaite degrees."),
    "holm": _l("Each p is corrected for the number of comparisons of its kind by Holm's method."),
    "intervals": _l("Intervals hold with a confidence of 95 %%. A change is the last wave minus the first."),
    "suppression": _l("No figure is given of fewer than %(least)s people."),
    "weights": _l("Weighted figures rest on raking to known margins; beside them stands Kish's effective number."),
    "weights-given": _l(
        "Weighted figures rest on the weights that came with the answers; beside them stands Kish's effective number."
    ),
    "sizes": _l("An effect below 0.2 is called tiny, below 0.5 small, below 0.8 medium, else large (Cohen 1988)."),
}
