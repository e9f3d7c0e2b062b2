"""Each check asks where its specimen says, and is silent where the specimen answers."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from tospec.checks import assess, discover
from tospec.diagnostics import Escalation
from tospec.report.diagnostics import render_text
from tospec.source import SourceText
from tospec.syntax import read_texts

HERE = Path(__file__).parent
COMPLETE = (HERE / "complete.md").read_text(encoding="utf-8")
CHECKS = {check.name: check for check in discover()}
BLOCK = re.compile(r"^```yaml tospec\n.*?^```\n", re.MULTILINE | re.DOTALL)
WITHOUT = re.compile(r"^```text without\n(.*?)\n```\n", re.MULTILINE | re.DOTALL)
ASKS = re.compile(r"(?:#|<!--) asks: (TS\d{4}) (.+?)(?: -->)?$")
NAMED_KINDS = (
    "entity",
    "view",
    "scenario",
    "budget",
    "decision",
    "command",
    "query",
    "measures",
    "bulk",
    "job",
    "schedule",
    "integration",
)


@dataclass(frozen=True)
class Specimen:
    name: str
    asked: str
    answered: str


def specimens() -> list[Specimen]:
    files = sorted((HERE / "specimens").glob("*.md"))
    return [_specimen(file.stem, file.read_text(encoding="utf-8")) for file in files]


def _specimen(name: str, text: str) -> Specimen:
    asked, answered = text.split("## Answered\n")
    return Specimen(name, asked, answered)


@pytest.mark.parametrize("specimen", specimens(), ids=lambda specimen: specimen.name)
def test_asks_where_the_specimen_says(specimen: Specimen) -> None:
    check = CHECKS[specimen.name]

    found = [e for e in escalations(specimen.asked) if e.code == check.code]

    assert [(e.code, e.subject) for e in found] == [asked for _, asked in marks(specimen.asked)]
    spans = [(e.span.file, e.span.line) for e in found if not in_prose(specimen.asked)]
    assert spans == [("specimen.md", line) for line, _ in marks(specimen.asked)][: len(spans)]
    assert all(e.problem and e.questions and e.options and e.impact for e in found)


@pytest.mark.parametrize("specimen", specimens(), ids=lambda specimen: specimen.name)
def test_is_silent_where_the_specimen_answers(specimen: Specimen) -> None:
    code = CHECKS[specimen.name].code

    assert [e.id for e in escalations(specimen.answered) if e.code == code] == []


def test_nothing_is_open_in_the_complete_spec() -> None:
    assert [e.id for e in escalations("")] == []


def test_every_check_has_a_specimen() -> None:
    assert sorted(CHECKS) == [specimen.name for specimen in specimens()]


@pytest.mark.parametrize("check", CHECKS.values(), ids=lambda check: check.code)
def test_every_check_says_why_and_what_to_do(check: object) -> None:
    documentation = getattr(check, "documentation", "")

    assert re.search(r"\nWhy:\n {4}\S", documentation)
    assert re.search(r"\nFix:\n {4}\S", documentation)


def marks(text: str) -> list[tuple[int, tuple[str, str]]]:
    """Return the line of each `asks` comment with the code and the subject that it names."""
    found = ((n, ASKS.search(line)) for n, line in enumerate(text.split("\n"), start=1))
    return [(n, (match[1], match[2].strip())) for n, match in found if match]


def in_prose(text: str) -> bool:
    return "<!-- asks:" in text


def escalations(text: str) -> tuple[Escalation, ...]:
    changed = {key(block) for block in BLOCK.findall(text)}
    left_out = {line for group in WITHOUT.findall(text) for line in group.split("\n")}
    sources = (
        SourceText("complete.md", BLOCK.sub(lambda m: kept(m[0], changed | left_out), COMPLETE)),
        SourceText("specimen.md", text),
    )
    reading = read_texts(sources)
    assert reading.system is not None, render_text(reading.diagnostics, reading.sources)
    return assess(reading.system, CHECKS.values())


def kept(block: str, dropped: set[str]) -> str:
    """Return `block`, or as many empty lines when a specimen drops it."""
    gone = key(block) in dropped or "everything else" in dropped
    return "\n" * block.count("\n") if gone else block


def key(block: str) -> str:
    kind, _, name = block.split("\n")[1].split("  #", maxsplit=1)[0].partition(":")
    return f"{kind} {name.strip()}" if kind in NAMED_KINDS else kind
