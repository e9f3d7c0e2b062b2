"""`tospec gate`."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from tospec import pipeline
from tospec.cli import progress, terminal
from tospec.cli.arguments import JsonFile, JunitFile, SarifFile
from tospec.cli.exits import Exit
from tospec.cli.files import require_writable
from tospec.errors import UsageError


class GateFormat(StrEnum):
    """How results are printed."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    JUNIT = "junit"


def gate(  # noqa: PLR0913, PLR0917 - the options of the command, read from the signature
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="The folder of a backend.")
    ] = Path(),
    only: Annotated[
        list[str] | None, typer.Option("--only", metavar="GATE", help="Run only these gates.")
    ] = None,
    skip: Annotated[
        list[str] | None, typer.Option("--skip", metavar="GATE", help="Skip it; needs --reason.")
    ] = None,
    reason: Annotated[
        list[str] | None,
        typer.Option("--reason", metavar="TEXT", help="Why: one for each --skip, or one for all."),
    ] = None,
    python: Annotated[
        Path | None,
        typer.Option(
            "--python", metavar="FILE", help="The tree's interpreter; by default its .venv's."
        ),
    ] = None,
    database_url: Annotated[
        str | None,
        typer.Option(
            "--database-url",
            metavar="URL",
            envvar="TOSPEC_TEST_POSTGRES",
            help="PostgreSQL of a superuser, for gates that run the tree on it as well.",
        ),
    ] = None,
    evidence: Annotated[
        Path | None,
        typer.Option("--evidence", metavar="DIR", help="Keep evidence here, not in the tree."),
    ] = None,
    json_file: JsonFile = None,
    junit_file: JunitFile = None,
    sarif_file: SarifFile = None,
    list_gates: Annotated[bool, typer.Option("--list", help="List the gates and end.")] = False,
    canary: Annotated[
        bool, typer.Option("--canary", help="Show that each gate rejects what is planted for it.")
    ] = False,
    no_cache: Annotated[
        bool, typer.Option("--no-cache", help="Use no evidence of earlier runs.")
    ] = False,
    jobs: Annotated[
        int, typer.Option("--jobs", min=0, max=64, help="Gates that run at once; 0: CPUs plus two.")
    ] = 0,
    format: Annotated[  # noqa: A002 - the option's name
        GateFormat, typer.Option("--format", help="How to print the results.")
    ] = GateFormat.TEXT,
) -> int:
    """Judge a backend's tree by quality gates, and keep the evidence.

    Answers 0 if every gate passed that was not skipped, 1 if one failed or nothing was judged.
    """
    if list_gates:
        return _list(format)
    files = {
        GateFormat.JSON: json_file,
        GateFormat.JUNIT: junit_file,
        GateFormat.SARIF: sarif_file,
    }
    for path in files.values():
        if path is not None:
            require_writable(path)
    request = pipeline.GateRequest(
        folder=folder,
        only=tuple(only or ()),
        skipped=_skipped(skip or [], reason or []),
        python=python,
        database_url=database_url or None,
        evidence=evidence,
        reuse=not no_cache,
        jobs=jobs,
        canaries=canary,
    )
    with progress.bar() as advance:
        done = pipeline.gate(request, progress=advance)
    terminal.result(_rendered(done, format))
    for written, path in files.items():
        if path is not None:
            pipeline.save_text(_rendered(done, written), path)
    return done.exit_code


def _skipped(names: list[str], reasons: list[str]) -> dict[str, str]:
    given = [reason for reason in reasons if reason.strip()]
    if names and len(given) not in {1, len(names)}:
        message = f"{len(names)} gates are skipped, and {len(given)} reasons are given."
        raise UsageError(message, "Add --reason TEXT after each --skip, or one for all.")
    if given and not names:
        raise UsageError("--reason belongs to --skip.", "Add --skip GATE, or leave it out.")
    return dict(zip(names, given * len(names) if len(given) == 1 else given, strict=False))


def _list(format: GateFormat) -> int:  # noqa: A002 - as above
    every = pipeline.gates()
    if format is GateFormat.JSON:
        names = ("name", "title", "looked_for", "needs", "executed")
        terminal.data([{name: getattr(each, name) for name in names} for each in every])
        return Exit.COMPLETE
    width = max(len(each.name) for each in every)
    lines = [f"{each.name:{width}}  {each.needs:5}  {each.title}" for each in every]
    terminal.result("\n".join(lines))
    return Exit.COMPLETE


def _rendered(done: pipeline.GateRun, format: GateFormat) -> str:  # noqa: A002 - as above
    if format is GateFormat.JUNIT:
        return done.as_junit()
    if format is GateFormat.TEXT:
        return f"{done.as_text()}\n"
    document = done.as_data() if format is GateFormat.JSON else done.as_sarif()
    return f"{json.dumps(document, indent=2)}\n"
