"""Texts that match a pattern, always the same ones."""

import re
from dataclasses import dataclass
from itertools import islice, product
from typing import Final

from tospec.model.pattern_matching import matches
from tospec.model.patterns import Alternatives, Chain, OneOf, Pattern, Repeated, parse_pattern

_CANDIDATES: Final = tuple(map(chr, range(32, 127)))
_KINDS: Final = {kind: re.compile(f"\\{kind}") for kind in "dDwWsS"}
_MOST: Final = 500
_SPREAD: Final = 3


@dataclass(frozen=True, slots=True)
class Run:
    """Where texts of a pattern may differ: signs of an alphabet between two fixed texts."""

    before: str
    alphabet: str
    length: int
    after: str


def matching(pattern: str, length: tuple[int, int]) -> tuple[str, ...]:
    """Return up to two texts that match `pattern` and whose length is within `length`."""
    every = dict.fromkeys(_texts(parse_pattern(pattern)))
    texts = (text for text in every if length[0] <= len(text) <= length[1])
    return tuple(islice((text for text in texts if matches(pattern, text)), 2))


def missing(pattern: str, length: tuple[int, int]) -> str | None:
    """Return a text of a fitting length that does not match `pattern`."""
    good = matching(pattern, length)
    shortened = (text[:-1] for text in good)
    changed = (f"{text[:-1]}{sign}" for text in good for sign in "!~ a0")
    others = (sign * max(1, length[0]) for sign in "!~ a0")
    texts = (text for text in (*changed, *shortened, *others) if not matches(pattern, text))
    return next((text for text in texts if length[0] <= len(text) <= length[1]), None)


def run(pattern: str, length: tuple[int, int]) -> Run | None:
    """Return the part in which texts of `pattern` can differ most; None when they hardly can."""
    for text in matching(pattern, length)[:1]:
        tree = parse_pattern(pattern)
        parts = tree.parts if isinstance(tree, Chain) else (tree,)
        found = [each for each in _runs(parts, text) if _fits(each, pattern, length)]
        return max(found, key=lambda each: len(each.alphabet) ** each.length, default=None)
    return None


def _runs(parts: tuple[Pattern, ...], text: str) -> list[Run]:
    texts = [next(iter(_texts(part)), "") for part in parts]
    if "".join(texts) != text:
        return []
    found = []
    for index, part in enumerate(parts):
        item, least, most = _repetition(part)
        if isinstance(item, OneOf):
            alphabet = "".join(_signs(item))
            before, after = "".join(texts[:index]), "".join(texts[index + 1 :])
            longest = max(least, min(most or 12, 12))
            found.append(Run(before, alphabet, longest, after))
    return found


def _repetition(part: Pattern) -> tuple[Pattern, int, int | None]:
    return (part.part, part.least, part.most) if isinstance(part, Repeated) else (part, 1, 1)


def _fits(found: Run, pattern: str, length: tuple[int, int]) -> bool:
    text = found.before + found.alphabet[:1] * found.length + found.after
    enough = len(found.alphabet) ** found.length >= 1000
    return enough and matches(pattern, text) and length[0] <= len(text) <= length[1]


def _texts(pattern: Pattern) -> list[str]:
    match pattern:
        case OneOf():
            return _signs(pattern)[:_SPREAD]
        case Chain(parts):
            found = product(*(_texts(part)[:_SPREAD] for part in parts))
            return ["".join(each) for each in islice(found, _MOST)]
        case Alternatives(options):
            return [text for option in options for text in _texts(option)][:_MOST]
        case Repeated(part, least, most):
            texts = _texts(part)
            counts = sorted({least, max(least, 1), least + 1, most or least + 8})
            allowed = [count for count in counts if most is None or count <= most]
            return [text * count for count in allowed for text in texts][:_MOST]


def _signs(pattern: OneOf) -> list[str]:
    candidates = [*_CANDIDATES]
    if not pattern.negated:
        candidates += [low for low, _ in pattern.ranges if low not in _CANDIDATES]
    found = [sign for sign in candidates if _accepts(pattern, sign)]
    return sorted(found, key=lambda sign: (not sign.isalnum(), sign))


def _accepts(pattern: OneOf, sign: str) -> bool:
    within = any(low <= sign <= high for low, high in pattern.ranges)
    of_kind = any(_KINDS[kind].match(sign) for kind in pattern.kinds)
    return (within or of_kind) is not pattern.negated
