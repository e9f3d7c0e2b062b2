"""Thousands of wrong specs, each made from an example: diagnostics or escalations, in time.

`TOSPEC_FUZZ=10000` says how many are made of each example; by default a few hundred are.
"""

import os
import random
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

import pytest

from tests.syntax.mutations import Block, blocks_of, mutated, text_of
from tests.syntax.test_mutations import check_honest
from tospec import pipeline
from tospec.source import SourceText
from tospec.syntax import read_texts

EXAMPLES: Final = ("taskhub", "taskhub-draft")
SPECS: Final = int(os.environ.get("TOSPEC_FUZZ", "200"))
BATCH: Final = 50
LONGEST: Final = 20
"""Seconds that one spec may take."""


class HangError(Exception):
    """A spec took too long."""


@contextmanager
def limited(seconds: int) -> Iterator[None]:
    """Interrupt what takes longer than `seconds`."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise HangError

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def understand(blocks: list[Block]) -> bool:
    """Read and assess a spec; return whether it is understood."""
    reading = read_texts([SourceText("spec.md", text_of(blocks))])
    check_honest(reading)
    if reading.system is None:
        return False
    assert all(each.problem for each in pipeline.assess(reading).escalations)
    assert all(each.message for each in pipeline.unbuildable(reading))
    return True


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_is_understood(example: str) -> None:
    assert understand(blocks_of(f"examples/{example}"))


@pytest.mark.parametrize("batch", range((SPECS + BATCH - 1) // BATCH))
@pytest.mark.parametrize("example", EXAMPLES)
def test_wrong_specs_are_answered(example: str, batch: int) -> None:
    blocks = blocks_of(f"examples/{example}")
    for number in range(batch * BATCH, min((batch + 1) * BATCH, SPECS)):
        chance = random.Random(f"{example} {number}")  # noqa: S311 - reproducible on purpose
        changed = mutated(blocks, chance, chance.choice((1, 1, 2, 5, 12)))
        if not changed:
            continue
        try:
            with limited(LONGEST):
                understand(changed)
        except Exception as error:
            error.add_note(f"{example} {number}:\n{text_of(changed)}")
            raise


def test_what_hangs_is_interrupted() -> None:
    with pytest.raises(HangError), limited(1):
        signal.pause()
