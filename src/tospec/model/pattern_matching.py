"""Whether a text matches a pattern, in time that no pattern can blow up.

A pattern is matched against all positions at once: from a set of places where it may begin follows
the set of places where it may end. There are never more places than characters.
"""

import re
from typing import Final

from tospec.model.patterns import Alternatives, Chain, OneOf, Pattern, Repeated, parse_pattern

_KINDS: Final = {kind: re.compile(f"\\{kind}") for kind in "dDwWsS"}


def matches(pattern: str, text: str) -> bool:
    """Return whether the whole text matches.

    Raises:
        PatternError: If the pattern is malformed.
    """
    return len(text) in _ends(parse_pattern(pattern), text, frozenset({0}))


def _ends(pattern: Pattern, text: str, starts: frozenset[int]) -> frozenset[int]:
    match pattern:
        case OneOf():
            found = (at for at in starts if at < len(text) and _accepts(pattern, text[at]))
            return frozenset(at + 1 for at in found)
        case Chain(parts):
            for part in parts:
                starts = _ends(part, text, starts)
            return starts
        case Alternatives(options):
            return frozenset().union(*(_ends(option, text, starts) for option in options))
        case Repeated():
            return _repeated_ends(pattern, text, starts)


def _repeated_ends(pattern: Repeated, text: str, starts: frozenset[int]) -> frozenset[int]:
    for _ in range(pattern.least):
        before, starts = starts, _ends(pattern.part, text, starts)
        if starts == before:
            break
    reached = starts
    rounds = len(text) + 1 if pattern.most is None else pattern.most - pattern.least
    for _ in range(rounds):
        starts = _ends(pattern.part, text, starts) - reached
        if not starts:
            break
        reached |= starts
    return reached


def _accepts(pattern: OneOf, character: str) -> bool:
    within = any(low <= character <= high for low, high in pattern.ranges)
    of_kind = any(_KINDS[kind].match(character) for kind in pattern.kinds)
    return (within or of_kind) is not pattern.negated
