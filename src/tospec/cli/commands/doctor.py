"""`tospec doctor`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from tospec import pipeline
from tospec.cli import terminal
from tospec.cli.arguments import Format, FormatOption
from tospec.cli.exits import Exit


def doctor(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="[DIR]", help="Look at this backend's folder as well."),
    ] = None,
    format: FormatOption = Format.TEXT,  # noqa: A002 - the option's name
) -> int:
    """Say what is missing for which verb, and the command that mends it.

    Answers 0 if every verb can work, 1 if something is missing. No secret is printed.
    """
    with terminal.progress("Looking"):
        health = pipeline.doctor(folder)
    code = Exit.COMPLETE if health.ready else Exit.FAILED
    if format is Format.JSON:
        terminal.data(_as_data(health, code))
    else:
        terminal.result("\n".join(_lines(health)))
    return code


def _lines(health: pipeline.Health) -> Iterator[str]:
    for verb in health.verbs:
        if verb.ready:
            yield f"{verb.verb:8} ready"
        for each in verb.missing:
            yield f"{verb.verb:8} missing {each.name}: {each.mend or each.said}"
    yield ""
    width = max(len(finding.name) for finding in health.findings)
    for finding in health.findings:
        yield f"{finding.outcome:8} {finding.name:{width}}  {finding.said}"
        if finding.mend:
            yield f"{'':8} {'':{width}}  → {finding.mend}"


def _as_data(health: pipeline.Health, code: Exit) -> dict[str, object]:
    names = ("name", "outcome", "said", "mend", "needed_by")
    return {
        "verdict": "ready" if health.ready else "missing",
        "exit_code": code,
        "verbs": [
            {"verb": v.verb, "ready": v.ready, "missing": [each.name for each in v.missing]}
            for v in health.verbs
        ],
        "checks": [{name: getattr(each, name) for name in names} for each in health.findings],
    }
