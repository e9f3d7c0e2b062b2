"""How texts are written: names, versions, durations, paths."""

import re
from collections.abc import Callable
from typing import Final

from tospec.model.patterns import pattern_problem
from tospec.syntax import codes
from tospec.syntax.shapes import Notation

LONGEST_NAME: Final = 48
LONGEST_LINE: Final = 1000
LONGEST_PROSE: Final = 20_000
LONGEST_PATH: Final = 200
LONGEST_PATTERN: Final = 500
LONGEST_DURATION: Final = 100 * 366 * 86_400
LONGEST_TIME: Final = 3_600_000
LARGEST_SIZE: Final = 1 << 40

_SNAKE: Final = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", re.ASCII)
_KEBAB: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", re.ASCII)
_CAPITALS: Final = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*", re.ASCII)
_PASCAL: Final = re.compile(r"([A-Z][a-z0-9]+)+", re.ASCII)
_NAMES: Final = {
    Notation.SNAKE: (_SNAKE, "small letters, digits and single underscores, such as `due_at`"),
    Notation.KEBAB: (_KEBAB, "small letters, digits and single hyphens, such as `task-hub`"),
    Notation.CAPITALS: (_CAPITALS, "capitals, digits and underscores, such as `TASK_CLOSED`"),
    Notation.PASCAL: (_PASCAL, "words that begin with one capital, such as `TaskDetail`"),
    Notation.MEMBER: (
        re.compile(r"(before\.)?" + _SNAKE.pattern, re.ASCII),
        "small letters, digits and single underscores, such as `due_at`",
    ),
    Notation.SORT: (
        re.compile("-?" + _SNAKE.pattern, re.ASCII),
        "a field's name, with `-` before it for descending",
    ),
    Notation.PERMISSION: (
        re.compile(f"{_SNAKE.pattern}:{_SNAKE.pattern}", re.ASCII),
        "a thing, a colon and an action, such as `task:read`, in quotes",
    ),
    Notation.CONVENTION: (
        re.compile(f"{_KEBAB.pattern}-[0-9]+", re.ASCII),
        "a name and a version, such as `rest-1`",
    ),
    Notation.MEDIA_TYPE: (
        re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*", re.ASCII),
        "a type, a slash and a subtype in small letters, such as `image/png`",
    ),
    Notation.CALL: (
        re.compile(rf"{_SNAKE.pattern}\.{_SNAKE.pattern}", re.ASCII),
        "an integration, a dot and one of its calls, such as `mail.send`",
    ),
    Notation.HEADER: (
        re.compile(r"[A-Z][A-Za-z0-9]*(-[A-Z][A-Za-z0-9]*)*", re.ASCII),
        "words that begin with a capital, with hyphens, such as `X-Api-Key`",
    ),
    Notation.REQUIREMENT: (
        re.compile(r"[A-Z][A-Z0-9]*-[0-9]+", re.ASCII),
        "capitals, a hyphen and a number, such as `REQ-012`",
    ),
}
_VERSION: Final = re.compile(
    r"(0|[1-9][0-9]{0,8})(\.(0|[1-9][0-9]{0,8})){2}(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?", re.ASCII
)
_DURATION: Final = re.compile(
    r"(?:([0-9]{1,9})d)?(?:([0-9]{1,9})h)?(?:([0-9]{1,9})m)?(?:([0-9]{1,9})s)?", re.ASCII
)
_TIME: Final = re.compile(r"(0|[1-9][0-9]{0,6})(ms|s)", re.ASCII)
_SIZE: Final = re.compile(r"([1-9][0-9]{0,8})(B|KiB|MiB|GiB)", re.ASCII)
_SIZES: Final = {"GiB": 1 << 30, "MiB": 1 << 20, "KiB": 1 << 10, "B": 1}
_UNITS: Final = (86_400, 3600, 60, 1)
_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
_SEGMENT: Final = re.compile(r"[a-z0-9]+([._-][a-z0-9]+)*|\{[a-z][a-z0-9_]*\}", re.ASCII)
_PARAMETER: Final = re.compile(r"\{([a-z0-9_]+)\}", re.ASCII)

type Fault = tuple[str, str, str]
"""Code, message and help."""


def fault(text: str, notation: Notation, means: str) -> Fault | None:
    """Return what is wrong with how a text is written, or None."""
    if notation in _NAMES:
        return _name_fault(text, notation, means)
    return _CHECKS[notation](text)


def well_spelled(text: str, notation: Notation) -> bool:
    """Return whether a text is written as its notation wants."""
    return fault(text, notation, "") is None


def regular_expression(notation: Notation) -> str:
    """Return the pattern of a notation for editors; empty when a pattern cannot say it."""
    expressions = {
        **{name: expression for name, (expression, _) in _NAMES.items()},
        Notation.VERSION: _VERSION,
    }
    found = expressions.get(notation)
    return found.pattern if found else ""


def seconds(text: str) -> int | None:
    """Return how long a duration such as `1h30m` is, or None when it is none."""
    match = _DURATION.fullmatch(text)
    if not match or not text:
        return None
    total = sum(int(part) * unit for part, unit in zip(match.groups("0"), _UNITS, strict=True))
    return total if 0 < total <= LONGEST_DURATION else None


def duration(length: int) -> str:
    """Return the notation of a duration of `length` seconds."""
    parts = []
    for unit, letter in zip(_UNITS, "dhms", strict=True):
        count, length = divmod(length, unit)
        parts.append(f"{count}{letter}" if count else "")
    return "".join(parts)


def milliseconds(text: str) -> int | None:
    """Return how many milliseconds a time such as `50ms` or `2s` is, or None when it is none."""
    match = _TIME.fullmatch(text)
    if not match:
        return None
    total = int(match[1]) * (1000 if match[2] == "s" else 1)
    return total if total <= LONGEST_TIME else None


def time(length: int) -> str:
    """Return the notation of a time of `length` milliseconds."""
    return f"{length}ms" if length % 1000 else f"{length // 1000}s"


def octets(text: str) -> int | None:
    """Return how many bytes a size such as `25MiB` is, or None when it is none."""
    match = _SIZE.fullmatch(text)
    total = int(match[1]) * _SIZES[match[2]] if match else 0
    return total if 0 < total <= LARGEST_SIZE else None


def parameters(path: str) -> tuple[str, ...]:
    """Return the names of a path's parameters, in order."""
    return tuple(_PARAMETER.findall(path))


def _name_fault(text: str, notation: Notation, means: str) -> Fault | None:
    expression, rule = _NAMES[notation]
    is_pair = notation in {Notation.PERMISSION, Notation.CALL}
    longest = 2 * LONGEST_NAME + 1 if is_pair else LONGEST_NAME
    if len(text.removeprefix("before.").removeprefix("-")) > longest:
        return codes.BAD_NAME, f"The name of {means} has at most {longest} characters.", ""
    if expression.fullmatch(text):
        return None
    return codes.BAD_NAME, f"{text!a} cannot be {means}.", f"Write {rule}."


def _line_fault(text: str) -> Fault | None:
    if "\n" in text:
        return codes.TOO_LONG, "This text has one line.", "Write it on one line."
    return _length_fault(text, LONGEST_LINE)


def _prose_fault(text: str) -> Fault | None:
    return _length_fault(text, LONGEST_PROSE)


def _length_fault(text: str, longest: int) -> Fault | None:
    if len(text) <= longest:
        return None
    return codes.TOO_LONG, f"This text has {len(text)} characters; at most {longest} fit.", ""


def _version_fault(text: str) -> Fault | None:
    if _VERSION.fullmatch(text) and len(text) <= LONGEST_NAME:
        return None
    return codes.BAD_VERSION, f"{text[:60]!a} is no version.", "Write three numbers: 1.0.0."


def _duration_fault(text: str) -> Fault | None:
    if seconds(text) is not None:
        return None
    message = f"{text[:60]!a} is no duration."
    return codes.BAD_DURATION, message, "Write days, hours, minutes, seconds: 7d, 1h30m, 15m, 10s."


def _time_fault(text: str) -> Fault | None:
    if milliseconds(text) is not None:
        return None
    message = f"{text[:60]!a} is no time."
    return codes.BAD_DURATION, message, "Write milliseconds or seconds, at most 3600s: 50ms, 2s."


def _period_fault(text: str) -> Fault | None:
    return None if text == "forever" else _duration_fault(text)


def _size_fault(text: str) -> Fault | None:
    if octets(text) is not None:
        return None
    message = f"{text[:60]!a} is no size."
    return codes.BAD_SIZE, message, "Write a whole number and a unit: 500B, 64KiB, 25MiB, 1GiB."


def _pattern_fault(text: str) -> Fault | None:
    if len(text) > LONGEST_PATTERN:
        return codes.BAD_PATTERN, f"A pattern has at most {LONGEST_PATTERN} characters.", ""
    problem = pattern_problem(text)
    return (codes.BAD_PATTERN, problem[0], problem[1]) if problem else None


def _http_fault(text: str) -> Fault | None:
    method, _, path = text.partition(" ")
    if method not in _METHODS:
        help_ = f"Write a method and a path; the method is {', '.join(_METHODS)}."
        return codes.BAD_PATH, f"{method[:20]!a} is no method.", help_
    return _path_fault(path)


def _path_fault(path: str) -> Fault | None:
    if len(path) > LONGEST_PATH:
        return codes.BAD_PATH, f"A path has at most {LONGEST_PATH} characters.", ""
    segments = path.split("/")
    if segments[0] or len(segments) < 2:
        return codes.BAD_PATH, "A path begins with '/'.", ""
    for segment in segments[1:]:
        if not _SEGMENT.fullmatch(segment):
            message = f"{segment[:40]!a} cannot be a part of a path."
            help_ = (
                "Parts are small letters, digits and hyphens, or a row's name in braces: {task}."
            )
            return codes.BAD_PATH, message, help_
    names = parameters(path)
    if len(set(names)) < len(names):
        return codes.BAD_PATH, "A path names each parameter once.", ""
    return None


_CHECKS: Final[dict[Notation, Callable[[str], Fault | None]]] = {
    Notation.LINE: _line_fault,
    Notation.PROSE: _prose_fault,
    Notation.VERSION: _version_fault,
    Notation.DURATION: _duration_fault,
    Notation.TIME: _time_fault,
    Notation.PERIOD: _period_fault,
    Notation.SIZE: _size_fault,
    Notation.PATTERN: _pattern_fault,
    Notation.HTTP: _http_fault,
}
