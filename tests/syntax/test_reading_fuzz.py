"""Whatever the bytes: nodes or diagnostics, never an exception, and the same from both parsers."""

import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tospec.diagnostics import Diagnostic
from tospec.report.diagnostics import render_json, render_text
from tospec.source import SourceText, Span
from tospec.syntax.nodes import Mapping, Node, Scalar, Sequence
from tospec.syntax.read_text import source_of
from tospec.syntax.reading import Reading, read_blocks
from tospec.syntax.yaml import Composed, compose
from tospec.syntax.yaml_places import Fragment

TOKENS = st.sampled_from(
    ["a", "b", ": ", ":", "- ", "? ", "[", "]", "{", "}", ", ", "\n", "\n  ", "\n    ", "\t", "'",
     '"', "|\n", ">-\n", "#", "&x ", "*x", "!t ", "<<", "---\n", "...\n", "%Y", "010", "1.5",
     "true", "é", "😀", "\\", "\\u", "@", "\0", "\ud800", "\u2028", "\r", "```yaml tospec\n",
     "```\n", "# R-1 x\n", "> ", "1. ", "~~~", "    ", "== ", "<!--"]
)  # fmt: skip
TEXTS = st.lists(TOKENS, max_size=40).map("".join)


def spans(node: Node) -> list[Span]:
    match node:
        case Mapping():
            return [node.span, *(s for pair in node.entries for part in pair for s in spans(part))]
        case Sequence():
            return [node.span, *(s for item in node for s in spans(item))]
        case Scalar():
            return [node.span, node.within(len(node.text) // 2)]


def assert_in_text(reading: Reading) -> None:
    roots = [span for block in reading.blocks for span in spans(block.root)]
    found = [p.span for p in reading.diagnostics if p.span]
    for span in (*roots, *found):
        source = next(s for s in reading.sources if s.file == span.file)
        assert 1 <= span.line <= source.text.count("\n") + 1
        assert 1 <= span.column <= len(source.line(span.line)) + 1
        assert span.length >= 1


@settings(max_examples=1500, deadline=5000)
@given(TEXTS, st.sampled_from(["x.md", "x.yaml"]))
@example("a: a\n\n\n  a", "x.yaml")
def test_any_text_gives_blocks_or_diagnostics_with_places(text: str, file: str) -> None:
    reading = read_blocks([SourceText(file, text)])
    assert_in_text(reading)
    shown = render_text(reading.diagnostics, reading.sources)
    assert all(line.isprintable() for line in shown.split("\n"))
    assert render_json(reading.diagnostics).isascii()


@settings(max_examples=500, deadline=5000)
@given(st.binary(max_size=300))
def test_any_bytes_give_a_text_or_diagnostics(data: bytes) -> None:
    source, problems = source_of("x.md", data)
    assert (source is None) == bool(problems)
    if source:
        assert_in_text(read_blocks([source]))


def outcome(composed: Composed) -> tuple[Node | None, list[tuple[str, Span | None]]]:
    def key(found: Diagnostic) -> tuple[str, Span | None]:
        return found.code, found.span

    return composed.root, [key(found) for found in composed.diagnostics]


@settings(max_examples=1500, deadline=5000)
@given(TEXTS)
def test_both_parsers_give_the_same_nodes_at_the_same_places(text: str) -> None:
    fast = compose(Fragment("x.yaml", text), loader=yaml.CSafeLoader)
    slow = compose(Fragment("x.yaml", text), loader=yaml.SafeLoader)
    if fast.root is not None and slow.root is not None:
        assert outcome(fast) == outcome(slow)
