"""What each specimen calls an error is one, nothing else is, and its controls are understood."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tospec.report.diagnostics import render_text
from tospec.source import SourceText
from tospec.syntax import Reading, codes, read_texts
from tospec.syntax.grammar import KINDS

HERE = Path(__file__).parent
BASE = (HERE / "base.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```yaml tospec\n.*?^```\n", re.MULTILINE | re.DOTALL)
WITHOUT = re.compile(r"^```text without\n(.*?)\n```\n", re.MULTILINE | re.DOTALL)
ERROR = re.compile(r"(?:#|<!--) error: \[(TS\d{4})\] (.*?)(?= # error:| -->|$)")
NAMED = ("entity", "view", "command", "query", "measures", "bulk", "scenario", "budget", "decision")


@dataclass(frozen=True)
class Case:
    name: str
    text: str

    @property
    def marks(self) -> list[tuple[int, str, str]]:
        lines = enumerate(self.text.split("\n"), start=1)
        return [(n, m[1], m[2].strip()) for n, line in lines for m in ERROR.finditer(line)]


def cases() -> Iterator[Case]:
    for file in sorted((HERE / "specimens").glob("*.md")):
        _, *sections = file.read_text(encoding="utf-8").split("\n## ")
        for section in sections:
            title, _, text = section.partition("\n")
            yield Case(f"{file.stem}: {title}", text)


CASES = tuple(cases())
WRONG = [case for case in CASES if case.marks]
RIGHT = [case for case in CASES if not case.marks]


@pytest.mark.parametrize("case", WRONG, ids=lambda case: case.name)
def test_finds_what_the_specimen_marks_and_nothing_else(case: Case) -> None:
    reading = read(case)

    found = [(d.span.line if d.span else 0, d.code) for d in reading.diagnostics]
    assert sorted(found) == sorted((n, code) for n, code, _ in case.marks), shown(reading)
    assert reading.system is None
    for line, code, part in case.marks:
        said = [
            f"{d.message} {d.help}"
            for d in reading.diagnostics
            if d.code == code and d.span and d.span.line == line
        ]
        assert any(part in text for text in said), (part, said)


@pytest.mark.parametrize("case", RIGHT, ids=lambda case: case.name)
def test_understands_the_control(case: Case) -> None:
    reading = read(case)

    assert not reading.diagnostics, shown(reading)
    assert reading.system is not None


def test_the_base_is_understood() -> None:
    assert read(Case("base", "")).system is not None


def test_each_file_has_wrong_specimens_and_a_control() -> None:
    files = {case.name.partition(":")[0] for case in CASES}

    assert files == {case.name.partition(":")[0] for case in WRONG}
    assert files == {case.name.partition(":")[0] for case in RIGHT}


def test_each_code_has_a_specimen() -> None:
    marked = {code for case in WRONG for _, code, _ in case.marks}

    assert set(codes.MEANINGS) - marked == set()


def test_each_example_of_the_grammar_is_a_block_of_its_kind() -> None:
    for word, kind in KINDS.items():
        text = f"```yaml tospec\n{kind.example}\n```\n"
        reading = read_texts([SourceText("example.md", text)])
        structural = [d for d in reading.diagnostics if d.code < "TS0220"]
        assert kind.example.startswith(f"{word}:")
        assert not structural, shown(reading)


def read(case: Case) -> Reading:
    replaced = {key(block) for block in BLOCK.findall(case.text)}
    dropped = {line for group in WITHOUT.findall(case.text) for line in group.split("\n")}
    base = BLOCK.sub(lambda m: kept(m[0], replaced | dropped), BASE)
    return read_texts([SourceText("base.md", base), SourceText("specimen.md", case.text)])


def kept(block: str, gone: set[str]) -> str:
    left_out = key(block) in gone or "everything else" in gone
    return "\n" * block.count("\n") if left_out else block


def key(block: str) -> str:
    first = block.split("\n")[1].split("  #", maxsplit=1)[0]
    kind, _, name = first.partition(":")
    return f"{kind} {name.strip()}" if kind in NAMED else kind


def shown(reading: Reading) -> str:
    return render_text(reading.diagnostics, reading.sources)
