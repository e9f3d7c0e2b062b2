"""Lengths of time as people write them in settings: `15m`, `1h30m`, `7d`."""

import re
from datetime import timedelta
from typing import Annotated, Final

from pydantic import BeforeValidator

_FORM: Final = re.compile(
    r"(?=\d)(?:(\d{1,5})d)?(?:(\d{1,6})h)?(?:(\d{1,8})m)?(?:(\d{1,10})s)?", re.ASCII
)


def parse_duration(value: object) -> object:
    """Return the length of time that a text such as `1h30m` stands for.

    Raises:
        ValueError: If a text is not of that form.
    """
    if not isinstance(value, str):
        return value
    found = _FORM.fullmatch(value)
    if found is None:
        msg = "must be a duration such as 15m, 1h30m or 7d"
        raise ValueError(msg)
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


Duration = Annotated[timedelta, BeforeValidator(parse_duration)]
"""A setting that is a length of time."""
