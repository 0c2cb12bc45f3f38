"""The command that says what the answers of a survey say."""

from collections.abc import Iterator, Mapping
from typing import Any

import click

from portal.accounts.rules import Permission
from portal.cli.context import in_app, own_reach, print_json, with_actor, with_format
from portal.core import clock
from portal.core.errors import Problem
from portal.core.sentences import sentence
from portal.surveys.queries.analyses import find_analysis, named_study
from portal.surveys.queries.standing import standing_at
from portal.surveys.rules.disclosure import MIN_RESPONDENTS
from portal.surveys.services.analysing import analyse as analyse_study

HIDDEN = "withheld, as fewer than 10 respondents could be told of"


@click.command()
@click.argument("study")
@click.option("--project", "code", metavar="CODE", help="The survey's project, where several have one of this key.")
@click.option("--despite-few", is_flag=True, help="Tell, once nobody answers, also what few late answers change.")
@with_format
@in_app
@with_actor
def analyse(study: str, code: str | None, despite_few: bool, shape: str) -> None:
    """Analyse the survey with the key STUDY: its waves, scales, changes, groups, and what is doubtful in them.

    Nothing is told of fewer than 10 respondents. While people still answer, the last analysis stays as long as fewer
    than 10 answers of a wave have changed since; afterwards it stays, too, unless --despite-few is said.
    """
    found = named_study(study, code)
    own_reach(Permission.EDIT_STUDIES, found.project_code)
    document = analyse_study(found.id, now=clock.now(), despite_few=despite_few)
    standing, kept = standing_at(found, clock.now()), find_analysis(found.id)
    if standing is not None and kept is not None and standing.is_held(despite_few=False):
        few = {"least": MIN_RESPONDENTS}
        problem = Problem("analysis-few", values=few) if standing.is_refused else Problem("analysis-held", values=few)
        click.echo(f"This was analysed on {kept.made_at:%Y-%m-%d at %H:%M} UTC. {sentence(problem)}", err=True)
    if shape == "json":
        print_json(document)
        return
    for line in _lines(document):
        click.echo(line)


def _lines(document: Mapping[str, Any]) -> Iterator[str]:
    yield document["study"]
    for wave in document["waves"]:
        yield f"{wave['key']:<20} " + (HIDDEN if wave.get("suppressed") else f"n = {wave['n']}")
    for scale in document["scales"]:
        yield from _scale(scale)
    for item in document["items"]:
        yield f"{item['key']:<20} {_change(item['change'])}"
    yield from map(_warning, document["warnings"])


def _warning(warning: Mapping[str, Any]) -> str:
    values = ", ".join(f"{name} {_figure(value)}" for name, value in warning["values"].items())
    return " ".join(filter(None, ["warning:", warning["code"], warning["where"], values and f"({values})"]))


def _scale(scale: Mapping[str, Any]) -> Iterator[str]:
    for key, wave in scale["waves"].items():
        figures = HIDDEN if wave.get("suppressed") else f"n = {wave['n']}, mean {_figure(wave['mean'])}"
        yield f"{scale['key']:<20} {key:<12} {figures}"
    yield f"{scale['key']:<20} {_change(scale['change'])}"
    for group, levels in scale["groups"].items():
        for level, told in levels.items():
            yield f"{scale['key']:<20} {group} {level}: {HIDDEN if told.get('suppressed') else _change(told['change'])}"
        for contrast in scale["contrasts"]:
            if contrast["by"] == group:
                yield f"{scale['key']:<20} {group} {' – '.join(contrast['levels'])}: {_contrast(contrast)}"


def _contrast(contrast: Mapping[str, Any]) -> str:
    """The change of the first level less that of the second, with its sign."""
    if contrast.get("suppressed"):
        return HIDDEN
    estimate = contrast["estimate"]
    return f"{'+' if estimate > 0 else ''}{_figure(estimate)}, {_p(contrast)}"


def _p(tested: Mapping[str, Any]) -> str:
    """The p after Holm's correction, of which it says so."""
    return f"p (Holm) {_figure(tested['p_holm'])}"


def _change(change: Mapping[str, Any] | None) -> str:
    if change is None:
        return "nothing to compare"
    if change.get("suppressed"):
        return HIDDEN
    test, ci = change["tests"][0], change["ci"]
    between = f" [{_figure(ci[0])}; {_figure(ci[1])}]" if ci else ""
    found = f"change {_figure(change['estimate'])}{between}, {test['name']}, {_p(test)}"
    return f"{found}, {change['verdict']} ({change['why']['code']})"


def _figure(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, Mapping):
        return HIDDEN
    if isinstance(value, list | tuple):
        return ", ".join(map(_figure, value)) or "-"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
