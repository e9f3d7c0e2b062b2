"""Regular expressions of a spec: a subset that every engine reads alike.

Patterns end up in validators whose engine is linear (Rust), in Python and in clients. So a pattern
has characters, classes, groups, alternatives and counted repetition, and nothing that one of these
engines does not have or understands differently.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

MOST_REPEATS: Final = 1000
LARGEST: Final = 10_000
_WORD_WEIGHT: Final = 50
DEEPEST: Final = 20
_MOST_KNOWN: Final = 1_000
_CLASS_ESCAPES: Final = "dDwWsS"
_CONTROL_ESCAPES: Final = {"n": "\n", "r": "\r", "t": "\t"}
_SPECIAL: Final = frozenset("\\.+*?()|[]{}^$/-#&~:@!%=,;'\" ")
_NOT_IN_CLASS: Final = ("&&", "--", "~~", "||", "[")
_NO_ANCHORS: Final = "The whole text has to match anyway; leave it out."


@dataclass(frozen=True, slots=True)
class OneOf:
    """One character that is, or is not, within ranges or of a kind such as `d`."""

    ranges: tuple[tuple[str, str], ...]
    kinds: str = ""
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Chain:
    """Patterns one after another."""

    parts: "tuple[Pattern, ...]"


@dataclass(frozen=True, slots=True)
class Alternatives:
    """One of several patterns."""

    options: "tuple[Pattern, ...]"


@dataclass(frozen=True, slots=True)
class Repeated:
    """A pattern several times; `most` is None when there is no limit."""

    part: "Pattern"
    least: int
    most: int | None


type Pattern = OneOf | Chain | Alternatives | Repeated


class PatternError(ValueError):
    """A pattern is malformed or uses what is not in the subset."""

    def __init__(self, message: str, help_: str = "") -> None:
        super().__init__(message)
        self.help = help_


def pattern_problem(text: str) -> tuple[str, str] | None:
    """Return what is wrong with a pattern and what to do, or None."""
    try:
        parse_pattern(text)
    except PatternError as error:
        return str(error), error.help
    return None


@lru_cache(maxsize=_MOST_KNOWN)
def parse_pattern(text: str) -> Pattern:
    """Return the structure of a pattern.

    Raises:
        PatternError: If it is malformed or outside the subset.
    """
    parser = _Parser(text)
    whole = parser.alternatives(0)
    if parser.rest:
        raise PatternError("A ')' closes nothing.", "Write '\\)' for the character itself.")
    if _size(whole) > LARGEST:
        raise PatternError("The pattern is too large when written out.", "Lower its counts.")
    return whole


def _size(pattern: Pattern) -> int:
    """Return how large an engine's program becomes; its own limit lies a little above ours."""
    match pattern:
        case OneOf():
            return _WORD_WEIGHT if pattern.kinds.lower().count("w") else 1
        case Chain(parts) | Alternatives(parts):
            return sum(_size(part) for part in parts)
        case Repeated():
            return _size(pattern.part) * max(pattern.most or pattern.least + 1, 1)


class _Parser:
    """A pattern and how far it has been read."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    @property
    def rest(self) -> str:
        """What has not been read."""
        return self._text[self._at :]

    def alternatives(self, depth: int) -> Pattern:
        if depth > DEEPEST:
            raise PatternError(f"Groups are nested more than {DEEPEST} deep.")
        options = [self._chain(depth)]
        while self._take("|"):
            options.append(self._chain(depth))
        return options[0] if len(options) == 1 else Alternatives(tuple(options))

    def _chain(self, depth: int) -> Pattern:
        parts = []
        while self._at < len(self._text) and self._peek() not in "|)":
            parts.append(self._repeated(self._atom(depth)))
        return Chain(tuple(parts))

    def _atom(self, depth: int) -> Pattern:
        character = self._next()
        match character:
            case "(":
                return self._group(depth)
            case "[":
                return self._class()
            case ".":
                return OneOf((("\n", "\n"),), negated=True)
            case "\\":
                return self._escape()
            case "^" | "$":
                raise PatternError(f"'{character}' is not needed.", _NO_ANCHORS)
            case "*" | "+" | "?":
                raise PatternError(f"'{character}' repeats nothing.", f"Write '\\{character}'.")
            case "{" | "}" | "]":
                raise PatternError(f"'{character}' stands alone.", f"Write '\\{character}'.")
        return OneOf(((character, character),))

    def _group(self, depth: int) -> Pattern:
        if self._peek() == "?" and not self._take("?:"):
            raise PatternError(
                f"'({self.rest[:3]}' is not supported.",
                "Groups are '(…)' and '(?:…)'; there is no look-around and there are no flags.",
            )
        inner = self.alternatives(depth + 1)
        if not self._take(")"):
            raise PatternError("A '(' is never closed.", "Write '\\(' for the character itself.")
        return inner

    def _escape(self) -> OneOf:
        character = self._next()
        if character in _CLASS_ESCAPES:
            return OneOf((), character)
        literal = self._literal(character)
        return OneOf(((literal, literal),))

    def _literal(self, character: str) -> str:
        if character in _CONTROL_ESCAPES:
            return _CONTROL_ESCAPES[character]
        if character in _SPECIAL:
            return character
        if character.isdigit():
            raise PatternError("Back-references are not supported.", "Write the part again.")
        raise PatternError(f"'\\{character}' does not mean the same to every engine.")

    def _class(self) -> OneOf:
        negated = self._take("^")
        ranges: list[tuple[str, str]] = []
        kinds = ""
        while not self._take("]"):
            member = self._class_member()
            if member.kinds:
                kinds += member.kinds
            else:
                ranges.append(self._range(member.ranges[0][0]))
        if not ranges and not kinds:
            raise PatternError("A character class is empty.", "Write '\\[' for the character.")
        return OneOf(tuple(ranges), kinds, negated)

    def _class_member(self) -> OneOf:
        for mark in _NOT_IN_CLASS:
            if self.rest.startswith(mark):
                raise PatternError(f"'{mark}' in a class is not supported.", "Escape it with '\\'.")
        character = self._next()
        return self._escape() if character == "\\" else OneOf(((character, character),))

    def _range(self, low: str) -> tuple[str, str]:
        if self._peek() != "-" or self.rest[1:2] in ("]", ""):
            return low, low
        self._next()
        high = self._class_member()
        if high.kinds or high.ranges[0][0] < low:
            raise PatternError(f"The range from '{low}' has no end after it.")
        return low, high.ranges[0][0]

    def _repeated(self, part: Pattern) -> Pattern:
        if self._at == len(self._text) or self._peek() not in "*+?{":
            return part
        least, most = self._counts(self._next())
        self._take("?")
        if self._peek() in tuple("*+?{"):
            raise PatternError(f"'{self._peek()}' repeats a repetition.", "Put it in a group.")
        return Repeated(part, least, most)

    def _counts(self, mark: str) -> tuple[int, int | None]:
        if mark != "{":
            return {"*": (0, None), "+": (1, None), "?": (0, 1)}[mark]
        inside, closed, _ = self.rest.partition("}")
        low, comma, high = inside.partition(",")
        digits = (
            low.isascii() and low.isdigit() and (not high or (high.isascii() and high.isdigit()))
        )
        if not closed or not digits or len(inside) > 9:
            raise PatternError("A '{' does not begin a count.", "Write '\\{' or a count: {2,6}.")
        self._at += len(inside) + 1
        least = int(low)
        most = int(high) if high else None if comma else least
        if max(least, most or 0) > MOST_REPEATS or (most is not None and most < least):
            raise PatternError(f"A count goes from low to high, and to {MOST_REPEATS} at most.")
        return least, most

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _next(self) -> str:
        if self._at == len(self._text):
            raise PatternError("The pattern ends too early.", "Close what is open.")
        self._at += 1
        return self._text[self._at - 1]

    def _take(self, mark: str) -> bool:
        found = self.rest.startswith(mark)
        self._at += len(mark) if found else 0
        return found
