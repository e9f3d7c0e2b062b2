"""`tospec demo`."""

from pathlib import Path
from typing import Annotated

import typer

from tospec import pipeline
from tospec.cli import demo_server, outcome, terminal
from tospec.cli.exits import Exit


def demo(
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="Where to listen; 0 for any free port.")
    ] = 8000,
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Where the backend goes.")
    ] = Path("taskhub-demo"),
    serve: Annotated[
        bool, typer.Option("--serve/--no-serve", help="Serve the backend once it is built.")
    ] = True,
) -> int:
    """Build the bundled example, TaskHub, and serve it with example data until Ctrl-C."""
    listening = demo_server.free_port(port) if serve else port
    built = _build(pipeline.example(), out)
    if built is None:
        return Exit.BUG
    terminal.result(f"Built {built.target} ({len(built.plan.unchanged)} files were unchanged).")
    if serve:
        demo_server.serve(built.target, listening)
    return Exit.COMPLETE


def _build(spec: Path, out: Path) -> pipeline.BuildResult | None:
    """Build the example; None, with the reasons on stderr, if it does not pass assessment."""
    reading = pipeline.read(str(spec))
    assessment = pipeline.assess(reading)
    outcome.explain(reading, assessment)
    if outcome.verdict_of(assessment) is not outcome.Verdict.COMPLETE:
        return None
    terminal.result(f"Read {spec}: complete, nothing is open.")
    with terminal.progress("Building"):
        return pipeline.build(reading, out, dry_run=False)
