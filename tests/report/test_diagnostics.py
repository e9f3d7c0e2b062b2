"""Diagnostics as people and programs see them."""

import json

from tospec.diagnostics import Diagnostic, Severity
from tospec.report.diagnostics import render_json, render_text
from tospec.source import SourceText, Span

SOURCE = SourceText("spec/a.md", "# Title\n  title: {type: strnig}\nlast\n")
ERROR = Diagnostic(
    code="TS0210",
    span=Span("spec/a.md", 2, 17, 6),
    message="There is no type 'strnig'.",
    help="Did you mean 'string'?",
    related=((Span("spec/a.md", 1, 3, 5), "It belongs to this."),),
)
WARNING = Diagnostic(
    code="TS0300", span=None, message="Nothing uses it.", severity=Severity.WARNING
)


def at(span: Span, message: str = "Wrong.") -> Diagnostic:
    return Diagnostic(code="TS0100", span=span, message=message)


def test_text_shows_place_line_caret_help_and_related_places() -> None:
    assert render_text([WARNING, ERROR], [SOURCE]) == (
        "spec/a.md:2:17: error[TS0210]: There is no type 'strnig'.\n"
        "  2 |   title: {type: strnig}\n"
        "    |                 ^^^^^^\n"
        "  help: Did you mean 'string'?\n"
        "  note: spec/a.md:1:3: It belongs to this.\n"
        "  1 | # Title\n"
        "    |   ^^^^^\n"
        "\n"
        "warning[TS0300]: Nothing uses it.\n"
    )


def test_nothing_found_is_an_empty_text() -> None:
    assert render_text([], [SOURCE]) == ""


def test_order_and_repetition_do_not_matter() -> None:
    assert render_text([ERROR, WARNING, ERROR], [SOURCE]) == render_text([WARNING, ERROR], [SOURCE])


def test_a_place_without_a_line_is_shown_without_an_excerpt() -> None:
    expected = "error[TS0100]: Wrong.\n"
    assert render_text([at(Span("other.md", 1, 1))], [SOURCE]) == f"other.md:1:1: {expected}"
    assert render_text([at(Span("spec/a.md", 99, 1))], [SOURCE]) == f"spec/a.md:99:1: {expected}"


def test_control_sequences_from_the_spec_are_spelled_out() -> None:
    hostile = "\x1b[31m\x07\u202e\u200b\ud800\r\n\U000e0001"
    source = SourceText(f"a{hostile}", f"k{hostile}: v")
    found = at(Span(source.file, 1, 2), f"The key '{hostile}' is unknown.")
    text = render_text([found], [source])
    assert "\\x1b[31m\\x07\\u202e\\u200b\\ud800\\x0d\\x0a\\U000e0001" in text
    assert all(line.isprintable() for line in text.split("\n"))
    assert "\x1b" not in render_json([found])
    assert json.loads(render_json([found]))["diagnostics"][0]["place"]["file"] == source.file


def test_the_caret_stands_below_wide_escaped_and_tabbed_text() -> None:
    source = SourceText("a", "漢\té\x01x")
    lines = render_text([at(Span("a", 1, 5))], [source]).split("\n")
    assert lines[1] == "  1 | 漢 é\\x01x"
    assert lines[2] == "    | " + " " * (2 + 1 + 1 + 4) + "^"


def test_a_long_line_is_shown_around_the_place() -> None:
    source = SourceText("a", "x" * 5000 + "HERE" + "y" * 5000)
    lines = render_text([at(Span("a", 1, 5001, 4))], [source]).split("\n")
    assert max(map(len, lines)) < 120
    start = lines[2].index("^")
    assert lines[1][start : start + 4] == "HERE"
    assert lines[2].count("^") == 4
    assert lines[1].count("…") == 2


def test_a_span_longer_than_its_line_ends_with_the_line() -> None:
    lines = render_text([at(Span("spec/a.md", 3, 2, 10**6))], [SOURCE]).split("\n")
    assert lines[1:3] == ["  3 | last", "    |  ^^^"]
    beyond = render_text([at(Span("spec/a.md", 3, 500))], [SOURCE]).split("\n")
    assert beyond[1:3] == ["  3 | last", "    |     ^"]


def test_a_long_message_is_cut() -> None:
    assert len(render_text([at(Span("b", 1, 1), "x" * 10**6)], [])) < 1100


def test_only_so_many_are_shown_and_errors_come_first() -> None:
    many = [
        Diagnostic(code="TS0300", span=Span("b", n, 1), message="w", severity=Severity.WARNING)
        for n in range(1, 251)
    ]
    text = render_text([*many, at(Span("c", 1, 1))], [])
    assert text.count("warning[") == 199
    assert "c:1:1: error[TS0100]" in text
    assert text.endswith("\n\n… and 51 more.\n")
    document = json.loads(render_json([*many, at(Span("c", 1, 1))]))
    assert len(document["diagnostics"]) == 200
    assert (document["errors"], document["warnings"], document["omitted"]) == (1, 250, 51)


def test_two_hundred_are_shown_in_full() -> None:
    text = render_text([at(Span("b", n, 1)) for n in range(1, 201)], [])
    assert (text.count("error["), "more" in text) == (200, False)


def test_colour_adds_nothing_but_colour() -> None:
    colored = render_text([ERROR, WARNING], [SOURCE], color=True)
    assert "\x1b[1;31merror[TS0210]\x1b[0m" in colored
    for code in ("\x1b[0m", "\x1b[1m", "\x1b[34m", "\x1b[1;31m", "\x1b[1;33m"):
        colored = colored.replace(code, "")
    assert colored == render_text([ERROR, WARNING], [SOURCE])


def test_json_holds_everything() -> None:
    first, second = json.loads(render_json([WARNING, ERROR]))["diagnostics"]
    assert first == {
        "code": "TS0210",
        "severity": "error",
        "message": "There is no type 'strnig'.",
        "help": "Did you mean 'string'?",
        "place": {"file": "spec/a.md", "line": 2, "column": 17, "length": 6},
        "related": [
            {
                "place": {"file": "spec/a.md", "line": 1, "column": 3, "length": 5},
                "note": "It belongs to this.",
            }
        ],
    }
    assert (second["place"], second["severity"]) == (None, "warning")
