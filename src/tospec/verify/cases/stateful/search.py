"""The search for a sequence that goes wrong, and for a shorter one that still does."""

from collections.abc import Callable
from random import Random
from typing import Final

from tospec.verify.cases.stateful.walk import Walk
from tospec.verify.oracle.steps import Step

_WALKS: Final = 20
_SHORTEST: Final = 4
_LONGEST: Final = 14

type Begin = Callable[[], Walk]
"""Gives a walk that has not gone anywhere."""


def search(begin: Begin, random: Random) -> str:
    """Return what goes wrong in a sequence chosen by chance, made short; empty if nothing does.

    The requests of the short sequence are the last ones that are sent, so that a replay ends
    with them.

    Raises:
        Unavailable: If the target does not let the sequences be tried.
    """
    for _ in range(_WALKS):
        found = begin().explore(random, random.randint(_SHORTEST, _LONGEST))
        if found.fault:
            steps = _pruned(begin, found.steps)
            again = begin().retrace(steps)
            return again.told if again.fault else f"{found.told} (but not when done again)"
    return ""


def _pruned(begin: Begin, steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Return the sequence without the steps that it can do without, the last one kept."""
    for index in reversed(range(len(steps) - 1)):
        fewer = steps[:index] + steps[index + 1 :]
        if begin().retrace(fewer).fault:
            steps = fewer
    return steps
