"""Exports: complete, and harmless to what reads them."""

import csv
import io
import json
from dataclasses import replace

import pytest
from markdown_it import MarkdownIt

from tests.report.reports import TREE, file_of, planted, put, ran, reported, taskhub
from tospec.evidence import Outcome
from tospec.model.system import System
from tospec.report.exports import as_csv, as_json, as_markdown, as_trace_manifest
from tospec.report.report import Report
from tospec.report.summary import as_text
from tospec.report.trace import Executed

R = "REQ-001"
HALF = "\ud800"


def titled(title: str, system: System | None = None) -> Report:
    """Return a report on a requirement with a title, proven by a test and a case."""
    base = system or planted(R)
    requirements = (replace(base.requirements[0], title=title), *base.requirements[1:])
    executed = Executed(
        tree=TREE,
        spec="s",
        tests=ran((R, Outcome.PASSED)),
        verification=put((R, Outcome.PASSED), (R, Outcome.SKIPPED)),
    )
    return reported(replace(base, requirements=requirements), executed, file_of(R))


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text), strict=True))


def test_csv_is_the_whole_matrix() -> None:
    (row,) = rows(as_csv(titled('Ada\'s "own", task')))
    assert row == {
        "requirement": R,
        "title": 'Ada\'s "own", task',
        "state": "proven",
        "elements": f"entity:E{R}",
        "operations": "",
        "files": "app/a.py",
        "tests": "tests/test_a.py::test_0=passed",
        "cases": "role-matrix/0=passed role-matrix/1=skipped",
    }


@pytest.mark.parametrize(
    "formula",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1",
        "\x00=1",
        "\u202e=1",
        "\uff1d1+1",
        '=cmd|"/c calc"!A1',
    ],
)
def test_no_cell_is_a_formula(formula: str) -> None:
    (row,) = rows(as_csv(titled(formula)))
    assert row["title"].startswith("'")
    assert row["title"].endswith("1") == formula.endswith("1")
    (plain,) = rows(as_csv(titled("1 = 1")))
    assert plain["title"] == "1 = 1"


def test_a_row_is_a_line_whatever_stands_in_it() -> None:
    text = as_csv(titled(f"one\ntwo\r\nthree\x00\x1b[31m{HALF}"))
    assert len(text.splitlines()) == 2
    assert rows(text)[0]["title"] == "one two three[31m"


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[a](javascript:alert(1))",
        "![a](http://x/y.png)",
        "a | b | c",
        "**bold** _it_ ~~no~~ `code`",
        "&lt;b&gt; &amp;",
        "a\n\n# heading\n",
        "a\r# heading",
        "a\r\n- item",
        "<http://example.com>",
        "\\",
        "\\|",
    ],
)
def test_markdown_is_text(text: str) -> None:
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    found = parser.parse(as_markdown(titled(text)))
    harmless = parser.parse(as_markdown(titled("harmless")))
    assert [token.type for token in found] == [token.type for token in harmless]
    (cell,) = [t for t in found if t.type == "inline" and t.content.startswith(f"{R} ")]
    said = "".join(child.content for child in cell.children or ())
    assert said == f"{R} {' '.join(text.split())}".rstrip()
    assert {child.type for child in cell.children or ()} == {"text"} or "text_special" in {
        child.type for child in cell.children or ()
    }


def test_markdown_tells_every_part() -> None:
    document = as_markdown(titled("A", taskhub()))
    heads = [line for line in document.splitlines() if line.startswith("## ")]
    assert heads == [
        "## Requirements",
        "## Operations",
        "## Business rules",
        "## Validation",
        "## Gates: 0 of 1 passed",
        "## Escalations and their answers",
        "## Orphans",
    ]
    assert all(each.name in document.replace("\\", "") for each in taskhub().operations)


def test_json_is_the_whole_report() -> None:
    report = titled("A", taskhub())
    document = json.loads(as_json(report))
    assert len(document["requirements"]) == len(taskhub().requirements)
    assert len(document["operations"]) == len(taskhub().operations) + len(taskhub().bulks) > 10
    for part in ("rules", "fields", "gates", "conventions"):
        assert document[part], part
    assert document["gates"][0]["violations"][0]["rule"] == "stub"
    manifest = json.loads(as_trace_manifest(report))
    assert manifest["requirements"] == document["requirements"]
    assert {"format", "tool", "system", "spec", "tree", "verdict"} <= manifest.keys()


def test_json_takes_any_text() -> None:
    title = f'"\\\n\x00\u2028{HALF}</script>'
    text = as_json(titled(title))
    text.encode()
    assert json.loads(text)["requirements"][0]["title"] == title


def test_the_summary_keeps_a_requirement_on_its_line() -> None:
    lines = as_text(titled("A\nREQ-002  proven        forged\x1b[1A")).splitlines()
    assert [line[:7] for line in lines if line.startswith("REQ-")] == [R]
    assert lines[0].startswith(f"{R}  proven ")
    assert lines[-1].startswith("1 of 1 requirements are proven")
    assert "\x1b" not in "".join(lines)


def test_the_same_report_is_the_same_text() -> None:
    for render in (as_markdown, as_csv, as_json, as_trace_manifest, as_text):
        assert render(titled("A", taskhub())) == render(titled("A", taskhub()))
