"""Several statements as one, so that PostgreSQL is asked once."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

UNTOUCHED: Final = "required.untouched"
"""The name of a setting that nobody has: to ask for it is how a statement gives itself up."""
_KEPT: Final = 500
# Where a value goes; the dialect numbers places from 1, and writes no text with a `$` itself.
_PLACE: Final = re.compile(r"\$(\d+)")


@lru_cache(maxsize=_KEPT)
def joined(parts: tuple[str, ...]) -> str:
    """Return one statement that does what several do that write."""
    *first, last = _numbered(parts)
    return f"WITH {_named(first)} {last}" if first else last


@lru_cache(maxsize=_KEPT)
def joined_with_required(parts: tuple[str, ...]) -> str:
    """Return what does the same, and fails if the last one touches no row."""
    *first, last = _numbered(parts)
    named = _named([*first, f"{last} RETURNING 1"])
    # What fails here takes the COMMIT behind it along, which nobody has to wait for then.
    failing = f"CASE count(*) WHEN 0 THEN current_setting('{UNTOUCHED}') END"
    return f"WITH {named} SELECT {failing} FROM part_{len(first)}"  # noqa: S608  # all of it is SQL


def _numbered(parts: Sequence[str]) -> Sequence[str]:
    """Return statements whose places for values follow one another."""
    numbered: list[str] = []
    count = 0
    for part in parts:
        numbered.append(_moved(part, count))
        count += len(set(_PLACE.findall(part)))
    return numbered


def _named(parts: Sequence[str]) -> str:
    return ", ".join(f"part_{number} AS ({part})" for number, part in enumerate(parts))


def _moved(sql: str, by: int) -> str:
    return _PLACE.sub(lambda place: f"${int(place[1]) + by}", sql)
