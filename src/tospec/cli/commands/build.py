"""`tospec build`."""

from pathlib import Path
from typing import Annotated

import typer

from tospec import pipeline
from tospec.cli import outcome, terminal
from tospec.cli.arguments import Format, FormatOption, SpecPath
from tospec.cli.exits import Exit


def build(
    spec: SpecPath,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the backend goes.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be written, and write nothing.")
    ] = False,
    format: FormatOption = Format.TEXT,  # noqa: A002 - the option's name
) -> int:
    """Write the backend that a spec describes.

    Nothing is written unless all can be. Answers 2 if the spec is invalid, 3 if questions are
    open, 4 if a rebuild would lose edits.
    """
    reading = pipeline.read(spec)
    assessment = pipeline.assess(reading)
    outcome.explain(reading, assessment)
    verdict = outcome.verdict_of(assessment)
    if verdict is not outcome.Verdict.COMPLETE:
        if format is Format.JSON:
            terminal.data(outcome.as_data(assessment))
        return verdict.exit_code
    unbuildable = pipeline.unbuildable(reading)
    if unbuildable:
        outcome.explain_diagnostics(reading, unbuildable)
        return Exit.INVALID
    with terminal.progress("Building"):
        built = pipeline.build(reading, out, dry_run=dry_run)
    if format is Format.JSON:
        terminal.data({**outcome.as_data(assessment), **_as_data(built)})
    else:
        terminal.result(_as_text(built))
    return Exit.COMPLETE


def _as_data(built: pipeline.BuildResult) -> dict[str, object]:
    plan = built.plan
    return {
        "target": str(built.target),
        "dry_run": built.dry_run,
        "created": list(plan.created),
        "changed": list(plan.changed),
        "removed": list(plan.removed),
        "unchanged": len(plan.unchanged),
    }


def _as_text(built: pipeline.BuildResult) -> str:
    plan = built.plan
    kinds = {"create": plan.created, "change": plan.changed, "remove": plan.removed}
    lines = [f"{kind} {path}" for kind, paths in kinds.items() for path in paths]
    counts = ", ".join(f"{len(paths)} {kind}d" for kind, paths in kinds.items())
    verb = "Would write" if built.dry_run else "Wrote"
    last = f"{verb} {built.target}: {counts}, {len(plan.unchanged)} unchanged."
    return "\n".join([*(lines if built.dry_run or plan.unchanged else ()), last])
