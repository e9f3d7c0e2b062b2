"""A report as text for a terminal: the verdict, the matrix, what to do next."""

from tospec.evidence import Outcome
from tospec.report.plain import line
from tospec.report.report import Report, passed
from tospec.report.trace import Traced


def as_text(report: Report) -> str:
    """Return the matrix, a line a requirement, ending with the verdict."""
    width = max((len(each.requirement.id) for each in report.trace.requirements), default=0)
    lines = [_line(each, width) for each in report.trace.requirements]
    lines += [line(f"orphan {o.kind} {o.name}: {o.why}") for o in report.trace.orphans]
    lines += [f"note: {each}" for each in report.stale]
    if report.gates:
        lines.append(f"Gates: {passed(report.gates)} of {len(report.gates)} passed.")
    return "\n".join([*lines, report.verdict]) + "\n"


def _line(each: Traced, width: int) -> str:
    good, bad = each.count(Outcome.PASSED), each.count(Outcome.FAILED)
    ran = f"{good} passed, {bad} failed, {len(each.files)} files, {len(each.operations)} operations"
    return f"{each.requirement.id:{width}}  {each.state:13} {line(each.requirement.title)} ({ran})"
