"""Escalations as text for a terminal, as Markdown for an issue, and as data for tools."""

from collections.abc import Iterable, Sequence

from tospec.diagnostics import Escalation
from tospec.report.diagnostics import escaped
from tospec.source import SourceText


def as_text(escalations: Sequence[Escalation], sources: Iterable[SourceText]) -> str:
    """Return escalations for a terminal, one paragraph each, ending with how many there are."""
    texts = {source.file: source for source in sources}
    paragraphs = [_paragraph(escalation, texts) for escalation in escalations]
    return "\n\n".join([*paragraphs, summary(escalations)]) + "\n"


def as_markdown(escalations: Sequence[Escalation], sources: Iterable[SourceText]) -> str:
    """Return escalations as a Markdown document with a heading each."""
    texts = {source.file: source for source in sources}
    sections = [_section(escalation, texts) for escalation in escalations]
    return "\n\n".join(["# Open questions", summary(escalations), *sections]) + "\n"


def as_data(escalations: Sequence[Escalation]) -> list[dict[str, object]]:
    """Return escalations as JSON-ready records."""
    return [
        {
            "id": e.id,
            "code": e.code,
            "check": e.check,
            "domain": e.domain,
            "authority": e.authority,
            "blocker": e.blocker,
            "blocking": e.blocking,
            "subject": e.subject,
            "place": {"file": e.span.file, "line": e.span.line, "column": e.span.column},
            "problem": e.problem,
            "questions": list(e.questions),
            "options": list(e.options),
            "impact": e.impact,
            "answered_by_decision": e.answerable,
            "convention": e.convention or None,
        }
        for e in escalations
    ]


def summary(escalations: Sequence[Escalation]) -> str:
    """Return one line that counts what blocks and what is advice."""
    blocking = sum(escalation.blocking for escalation in escalations)
    advice = len(escalations) - blocking
    if not escalations:
        return "Nothing is open: the spec can be built."
    return (
        f"Open: {_count(blocking, 'question')} to answer before a build, "
        f"{_count(advice, 'piece')} of advice."
    )


def _paragraph(escalation: Escalation, texts: dict[str, SourceText]) -> str:
    kind = "question" if escalation.blocking else "advice"
    lines = [
        f"{kind}[{escalation.code}] {escaped(escalation.subject)}: {escalation.blocker}",
        f"  at        {escalation.span}",
        f"  spec says {escaped(_said(escalation, texts))}",
        f"  problem   {escaped(escalation.problem)}",
        *(f"  question  {escaped(question)}" for question in escalation.questions),
        f"  impact    {escaped(escalation.impact)}",
        *(f"  option {n}  {escaped(o)}" for n, o in enumerate(escalation.options, start=1)),
        *(f"  or        {way}" for way in _ways_out(escalation)),
    ]
    return "\n".join(lines)


def _section(escalation: Escalation, texts: dict[str, SourceText]) -> str:
    said = escaped(_said(escalation, texts)).replace("`", "'")
    lines = [
        f"## {escalation.code} {escaped(escalation.subject)}",
        "",
        f"- **Blocker type:** {escalation.blocker}{'' if escalation.blocking else ' (advice)'}",
        f"- **Context:** {escalation.domain}, decided by: {escalation.authority}",
        f"- **The spec says:** `{said}` ({escalation.span})",
        f"- **Problem:** {escaped(escalation.problem)}",
        f"- **Impact:** {escaped(escalation.impact)}",
        "- **Questions:**",
        *(f"  - {escaped(question)}" for question in escalation.questions),
        "- **Options:**",
        *(f"  {n}. {escaped(o)}" for n, o in enumerate(escalation.options, start=1)),
        *(f"  - or {way}" for way in _ways_out(escalation)),
    ]
    return "\n".join(lines)


def _said(escalation: Escalation, texts: dict[str, SourceText]) -> str:
    source = texts.get(escalation.span.file)
    return source.line(escalation.span.line).strip() if source else "nothing"


def _ways_out(escalation: Escalation) -> list[str]:
    ways = []
    if escalation.convention and escalation.authority in ("full", "spec"):
        ways.append(
            f"adopt the convention {escalation.convention} with `{escalation.domain}: full`"
        )
    if escalation.answerable:
        ways.append(f'answer it in a decision block: `answers: "{escaped(escalation.id)}"`')
    return ways


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
