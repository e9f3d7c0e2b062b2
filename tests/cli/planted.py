"""A pipeline with a planted reading and a real writer, to see what the shell makes of it."""

from pathlib import Path
from typing import Any, Final, cast

import pytest

import tospec
from tospec import pipeline
from tospec.diagnostics import Blocker, Diagnostic, Domain, Escalation, Severity
from tospec.model import System
from tospec.output import File, Tree, write_tree
from tospec.source import SourceText, Span

SOURCE: Final = Path(tospec.__file__).parents[1]
TEXT: Final = SourceText("spec.md", "# A spec\nassignee: {to: User}\n")
TREE: Final = Tree([File("app/a.py", "a = 1\n"), File("app/b.py", "b = 1\n")])
ERROR: Final = Diagnostic(code="TS0001", span=Span("spec.md", 1, 1), message="An error.")
WARNING: Final = Diagnostic(
    code="TS0002", span=Span("spec.md", 2, 1), message="A warning.", severity=Severity.WARNING
)
BLOCKING: Final = Escalation(
    code="TS0401",
    check="something-open",
    domain=Domain.DATA,
    authority="spec",
    blocker=Blocker.MISSING_DETAIL,
    blocking=True,
    answerable=True,
    convention="",
    subject="Task.assignee",
    span=Span("spec.md", 2, 1),
    problem="Something is open.",
    questions=("Is it?",),
    options=("yes", "no"),
    impact="It cannot be built.",
)


def plant(
    monkeypatch: pytest.MonkeyPatch,
    *,
    diagnostics: tuple[Diagnostic, ...] = (),
    escalations: tuple[Escalation, ...] = (),
    raises: BaseException | None = None,
) -> None:
    """Let the pipeline find these things in every spec, and build `TREE`."""
    invalid = any(found.severity is Severity.ERROR for found in diagnostics)
    system = None if invalid else cast("System", object())
    reading = pipeline.Reading(system=system, diagnostics=diagnostics, sources=(TEXT,))

    def build(_: pipeline.Reading, out: Path, dry_run: Any) -> pipeline.BuildResult:
        if raises is not None:
            raise raises
        plan = write_tree(TREE, out, tool_version="1", dry_run=dry_run)
        return pipeline.BuildResult(target=out, plan=plan, dry_run=dry_run)

    assessment = pipeline.Assessment(diagnostics=diagnostics, escalations=escalations)
    monkeypatch.setattr(pipeline, "read", lambda _: reading)
    monkeypatch.setattr(pipeline, "assess", lambda _: assessment)
    monkeypatch.setattr(pipeline, "expand", lambda _, form: f"expanded as {form}\n")
    monkeypatch.setattr(pipeline, "unbuildable", lambda _: ())
    monkeypatch.setattr(pipeline, "build", build)
