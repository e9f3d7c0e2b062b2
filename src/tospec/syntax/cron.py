"""When a schedule fires: cron expressions and time zones, and what is wrong with one."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Final, NamedTuple
from zoneinfo import available_timezones

from cronsim import CronSim, CronSimError

from tospec.syntax import codes

_FIELDS: Final = (
    ("minute", "0 to 59"),
    ("hour", "0 to 23"),
    ("day of the month", "1 to 31"),
    ("month", "1 to 12, or JAN to DEC"),
    ("day of the week", "0 to 7, or SUN to SAT"),
)
_SOME_DAY: Final = datetime(2000, 1, 1, tzinfo=UTC)
_HELP: Final = "Write minute, hour, day of the month, month, day of the week: `*/15 * * * *`."


class CronFault(NamedTuple):
    """Something that is wrong with a part of a cron expression."""

    code: str
    offset: int
    length: int
    message: str
    help: str = _HELP


def cron_faults(text: str) -> tuple[CronFault, ...]:
    """Return what is wrong with a cron expression, in order of place."""
    words = list(re.finditer(r"\S+", text))
    if len(words) != len(_FIELDS):
        message = f"A cron expression has {len(_FIELDS)} fields, this one {len(words)}."
        return (CronFault(codes.BAD_CRON, 0, len(text), message),)
    bad = tuple(_bad_fields(words))
    return bad if bad or _fires(text) else (_never(words),)


def _bad_fields(words: list[re.Match[str]]) -> Iterator[CronFault]:
    for at, (word, (name, values)) in enumerate(zip(words, _FIELDS, strict=True)):
        alone = ["*"] * len(_FIELDS)
        alone[at] = word[0]
        if not _parses(" ".join(alone)):
            message = f"{word[0][:40]!a} is no {name} of a cron expression."
            help_ = f"Write *, {values}, a range `1-5`, steps `*/2`, or several after commas."
            yield CronFault(codes.BAD_CRON, word.start(), len(word[0]), message, help_)


def _never(words: list[re.Match[str]]) -> CronFault:
    start, end = words[2].start(), words[4].end()
    message, help_ = "There is no such day, so this never fires.", "No month that it names has it."
    return CronFault(codes.NEVER_FIRES, start, end - start, message, help_)


def _parses(text: str) -> bool:
    try:
        CronSim(text, _SOME_DAY)
    except CronSimError:
        return False
    return True


def _fires(text: str) -> bool:
    try:
        return next(CronSim(text, _SOME_DAY), None) is not None
    except CronSimError:
        return False


@cache
def zones() -> frozenset[str]:
    """Return the names of all time zones."""
    return frozenset(available_timezones())
