"""Texts: random ones, and ones that match a pattern or do not."""

import re
from functools import lru_cache
from random import Random
from typing import Final

from tospec.model.pattern_matching import matches
from tospec.model.patterns import Alternatives, Chain, OneOf, Pattern, Repeated, parse_pattern

_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_ASCII: Final = tuple(map(chr, range(33, 127)))
_KINDS: Final = {kind: re.compile(f"\\{kind}") for kind in "dDwWsS"}
_ATTEMPTS: Final = 200
_MORE: Final = 8
_MOST_KNOWN: Final = 1_000
STRANGE: Final = "e\u0301\n<b>&amp;</b> 'it''s' \"q\" \\n %s {{7*7}} ${x}\t\u00a0 "
"""Not normalised, in two lines, with marks of many languages, and blanks at its end."""
ASTRAL: Final = "\U0001d4b3"
"""One code point, two units of UTF-16, four bytes of UTF-8."""


def word(random: Random, length: int) -> str:
    """Return small letters."""
    return "".join(random.choice(_LETTERS) for _ in range(length))


def rare(random: Random, length: int) -> str:
    """Return a text so short that letters would soon be used up, of characters that are many."""
    return "".join(chr(random.randrange(0x4E00, 0x9FA5)) for _ in range(length))


def matching(pattern: str, length: tuple[int, int], random: Random) -> str | None:
    """Return a text of a fitting length that matches a pattern, or None when none was found."""
    parsed = parse_pattern(pattern)
    for attempt in range(_ATTEMPTS):
        # Long texts first: short ones are soon used up.
        text = _text(parsed, random, _MORE, at_most=attempt < _ATTEMPTS // 2)
        if length[0] <= len(text) <= length[1] and matches(pattern, text):
            return text
    return None


def extremes(pattern: str, length: tuple[int, int], random: Random) -> tuple[str, ...]:
    """Return a shortest and a longest text among those found that match a pattern."""
    parsed = parse_pattern(pattern)
    found = [_text(parsed, random, more) for more in (0, 1, 2, 4, 8, 16) for _ in range(20)]
    texts = [t for t in found if length[0] <= len(t) <= length[1] and matches(pattern, t)]
    return tuple(dict.fromkeys((min(texts, key=len), max(texts, key=len)))) if texts else ()


def missing(pattern: str, length: tuple[int, int], random: Random) -> tuple[str, ...]:
    """Return texts of a fitting length that do not match a pattern."""
    good = matching(pattern, length, random) or ""
    near = (good[:-1], good + good[-1:], f"{good}\n", good.swapcase(), f" {good}", f"{good}!")
    far = (sign * max(1, length[0]) for sign in "!~ a0")
    texts = dict.fromkeys((*near, *far))
    fitting = (text for text in texts if length[0] <= len(text) <= length[1])
    return tuple(text for text in fitting if not matches(pattern, text))[:4]


def _text(pattern: Pattern, random: Random, more: int, *, at_most: bool = False) -> str:
    match pattern:
        case OneOf():
            return _character(pattern, random)
        case Chain(parts):
            return "".join(_text(part, random, more, at_most=at_most) for part in parts)
        case Alternatives(options):
            return _text(random.choice(options), random, more, at_most=at_most)
        case Repeated(part, least, most):
            highest = least + more if most is None else min(most, least + more)
            times = highest if at_most else random.choice((highest, random.randint(least, highest)))
            return "".join(_text(part, random, more, at_most=at_most) for _ in range(times))


def _character(one: OneOf, random: Random) -> str:
    if one.ranges and not one.negated and not one.kinds:
        low, high = random.choice(one.ranges)
        return chr(random.randint(ord(low), ord(high)))
    fitting = _fitting(one)
    return random.choice(fitting) if fitting else " "


@lru_cache(maxsize=_MOST_KNOWN)
def _fitting(one: OneOf) -> tuple[str, ...]:
    return tuple(character for character in _ASCII if _accepts(one, character))


def _accepts(one: OneOf, character: str) -> bool:
    within = any(low <= character <= high for low, high in one.ranges)
    of_kind = any(_KINDS[kind].match(character) for kind in one.kinds)
    return (within or of_kind) is not one.negated
