"""A report as Markdown, JSON, CSV, and as the trace manifest that other tools read."""

import csv
import dataclasses
import io
import json
from collections.abc import Iterable, Sequence
from typing import Any

from tospec.evidence import Outcome
from tospec.report.plain import line
from tospec.report.report import Report, passed
from tospec.report.trace import Traced

_ESCAPED = str.maketrans({each: f"\\{each}" for each in "\\`*_{}[]<>#|&~"})
# The last four are the same signs in full width, which spreadsheets take as well.
_FORMULA = tuple("=+-@\uff1d\uff0b\uff0d\uff20")


_COLUMNS = (
    *("requirement", "title", "state", "elements", "operations", "files", "tests", "cases"),
)


def as_markdown(report: Report) -> str:
    """Return the implementation report as a Markdown document."""
    system = report.system
    parts = [
        f"# {_plain(system.title)}: implementation report",
        f"{_plain(system.name)} {_plain(system.version)}. {report.verdict}",
        *(f"- {_plain(each)}" for each in report.stale),
        "## Requirements",
        _table(
            ("Requirement", "State", "Operations", "Files", "Tests", "Cases"),
            [_requirement(each) for each in report.trace.requirements],
        ),
        "## Operations",
        _table(
            ("Operation", "Call", "Access", "Roles", "Condition on the row", "Moves"),
            [
                (o.name, f"{o.method} {o.path}", o.access, ", ".join(o.roles), o.policy, o.moves)
                for o in report.operations
            ],
        ),
        "## Business rules",
        _table(
            ("Subject", "When", "Holds", "Otherwise", "Place"),
            [(r.subject, r.when, r.that, f"{r.status} {r.error}", r.place) for r in report.rules],
        ),
        "## Validation",
        _table(
            ("Field", "Type", "Accepts", "Written"),
            [(f"{f.entity}.{f.name}", f.type, f.accepts, f.written) for f in report.fields],
        ),
        f"## Gates: {passed(report.gates)} of {len(report.gates)} passed",
        _table(
            ("Gate", "Outcome", "Candidates", "Checked", "Why"),
            [(g.gate, g.outcome, g.candidates, g.checked, g.reason) for g in report.gates],
        ),
        "## Escalations and their answers",
        _table(
            ("Decision", "Answers", "Chosen", "Because"),
            [(d.name, d.answers, d.choose, d.because) for d in system.decisions],
        ),
        f"Conventions in force: {_plain(', '.join(system.conventions)) or 'none'}.",
        "## Orphans",
        _table(("Kind", "Name", "Why"), [(o.kind, o.name, o.why) for o in report.trace.orphans]),
    ]
    return "\n\n".join(parts) + "\n"


def as_csv(report: Report) -> str:
    """Return the trace matrix as comma-separated values, a row for each requirement."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for each in report.trace.requirements:
        row = (
            each.requirement.id,
            each.requirement.title,
            each.state,
            " ".join(each.elements),
            " ".join(each.operations),
            " ".join(file.path for file in each.files),
            " ".join(f"{test.id}={test.outcome}" for test in each.tests),
            " ".join(f"{case.id}={case.outcome}" for case in each.cases),
        )
        writer.writerow([_harmless(cell) for cell in row])
    return out.getvalue()


def as_json(report: Report) -> str:
    """Return the whole report as JSON."""
    system = report.system
    return _json(
        {
            **_manifest(report),
            "conventions": list(system.conventions),
            "operations": _rows(report.operations),
            "rules": _rows(report.rules),
            "fields": _rows(report.fields),
            "gates": _rows(report.gates),
            "decisions": [
                {name: getattr(each, name) for name in ("name", "answers", "choose", "because")}
                for each in system.decisions
            ],
            "escalations": [
                {"code": e.code, "subject": e.subject, "blocking": e.blocking, "problem": e.problem}
                for e in report.escalations
            ],
        }
    )


def as_trace_manifest(report: Report) -> str:
    """Return the trace as JSON for other tools: what serves and what proves each requirement."""
    return _json(_manifest(report))


def _manifest(report: Report) -> dict[str, Any]:
    return {
        "format": 1,
        "tool": {"name": "tospec", "version": report.tool},
        "system": {"name": report.system.name, "version": report.system.version},
        "spec": report.spec,
        "tree": report.executed.tree,
        "verdict": report.verdict,
        "stale": list(report.stale),
        "requirements": [_traced(each) for each in report.trace.requirements],
        "orphans": _rows(report.trace.orphans),
        "gates": [{"gate": gate.gate, "outcome": gate.outcome} for gate in report.gates],
    }


def _traced(each: Traced) -> dict[str, Any]:
    return {
        "id": each.requirement.id,
        "title": each.requirement.title,
        "place": str(each.requirement.span),
        "state": each.state,
        "elements": list(each.elements),
        "operations": list(each.operations),
        "files": [{"path": file.path, "symbols": list(file.symbols)} for file in each.files],
        "tests": [{"id": test.id, "outcome": test.outcome} for test in each.tests],
        "cases": [{"id": case.id, "outcome": case.outcome} for case in each.cases],
    }


def _rows(rows: Iterable[Any]) -> list[dict[str, Any]]:
    return [dataclasses.asdict(row) for row in rows]


def _json(data: Any) -> str:
    text = json.dumps(data, indent=2, ensure_ascii=False) + "\n"
    # Half of a pair of characters has no bytes in UTF-8; its escape is what JSON spells it as.
    return text.encode("utf-8", "backslashreplace").decode()


def _requirement(each: Traced) -> tuple[str, ...]:
    tests = sum(test.outcome is Outcome.PASSED for test in each.tests)
    cases = sum(case.outcome is Outcome.PASSED for case in each.cases)
    return (
        f"{each.requirement.id} {each.requirement.title}",
        each.state,
        ", ".join(each.operations),
        str(len(each.files)),
        f"{tests} of {len(each.tests)} passed",
        f"{cases} of {len(each.cases)} passed",
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    cells = [[_plain(str(cell)) for cell in row] for row in rows]
    if not cells:
        return "None."
    table = [head, ["---"] * len(head), *cells]
    return "\n".join(f"| {' | '.join(row)} |" for row in table)


def _plain(text: str) -> str:
    """Return a text as one line in which nothing is Markdown."""
    return line(text).translate(_ESCAPED)


def _harmless(cell: str) -> str:
    """Keep a spreadsheet from taking a text for a formula, and a text from being several lines."""
    text = line(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text
