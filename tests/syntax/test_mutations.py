"""Whatever is wrong with a spec, reading it ends with a result or with diagnostics."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.syntax.mutations import ROOT, blocks_of, mutated, text_of
from tospec.source import SourceText
from tospec.syntax import Reading, expand_texts, read_texts

EXAMPLE = "examples/taskhub"
BLOCKS = blocks_of(EXAMPLE)
LINES = (ROOT / EXAMPLE / "03-tasks.md").read_text(encoding="utf-8").split("\n")


def check_honest(reading: Reading) -> None:
    """A spec is understood or something is said to be wrong with it, at a place that exists."""
    assert (reading.system is None) == bool(reading.diagnostics)
    files = {source.file: source.text.split("\n") for source in reading.sources}
    for found in reading.diagnostics:
        assert found.code.startswith("TS0")
        assert found.message
        if found.span:
            line = files[found.span.file][found.span.line - 1]
            assert 0 < found.span.column <= len(line) + 1


def test_the_unchanged_blocks_are_understood() -> None:
    reading = read_texts([SourceText("spec.md", text_of(BLOCKS))])

    assert reading.diagnostics == ()
    assert reading.system is not None


@settings(max_examples=150)
@given(seed=st.integers(0, 2**32), times=st.sampled_from([1, 1, 2, 5, 12]))
def test_changed_blocks(seed: int, times: int) -> None:
    blocks = mutated(BLOCKS, random.Random(seed), times)  # noqa: S311 - reproducible on purpose

    if blocks:
        check_honest(read_texts([SourceText("spec.md", text_of(blocks))]))


@settings(max_examples=80)
@given(
    start=st.integers(0, len(LINES) - 1),
    gone=st.integers(0, 6),
    inserted=st.text(alphabet="ab:{}[]-'\"# \n`|>&*!", max_size=8),
)
def test_changed_lines(start: int, gone: int, inserted: str) -> None:
    lines = [*LINES[:start], inserted, *LINES[start + gone :]]

    check_honest(read_texts([SourceText("spec.md", "\n".join(lines))]))


@pytest.mark.parametrize("seed", range(20))
def test_what_is_understood_can_be_expanded(seed: int) -> None:
    blocks = mutated(BLOCKS, random.Random(seed), 1)  # noqa: S311 - reproducible on purpose
    text, reading = expand_texts([SourceText("spec.md", text_of(blocks))])

    assert (text is None) == (reading.system is None)
    if text is not None:
        assert expand_texts([SourceText("spec.md", text)])[0] == text
