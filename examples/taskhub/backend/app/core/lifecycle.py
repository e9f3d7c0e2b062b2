"""Lifecycles: states, and the named moves between them."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.core.errors import InvalidTransitionError


@dataclass(frozen=True, slots=True)
class Transition[S: str]:
    """A move that may start in any of `sources` and ends in `target`."""

    sources: frozenset[S]
    target: S


def allowed[S: str](transitions: Mapping[str, Transition[S]], state: S) -> list[str]:
    """Return the names of the moves that `state` offers, sorted."""
    return sorted(name for name, move in transitions.items() if state in move.sources)


def target_of[S: str](transitions: Mapping[str, Transition[S]], name: str, state: S) -> S:
    """Return the state to which the move `name` leads from `state`.

    Raises:
        InvalidTransitionError: If `state` does not offer the move.
    """
    move = transitions[name]
    if state not in move.sources:
        raise InvalidTransitionError(state, allowed(transitions, state))
    return move.target
