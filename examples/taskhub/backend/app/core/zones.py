"""Time zones, by the names that the IANA gives them."""

from functools import cache
from typing import Final
from zoneinfo import available_timezones

UTC_NAME: Final = "UTC"
"""The zone of tenants that name none."""
MAX_ZONE: Final = 64
_OF_THE_MACHINE: Final = frozenset({"Factory", "localtime"})


@cache
def zones() -> frozenset[str]:
    """Return the names of all time zones, but for those that differ from machine to machine."""
    return frozenset(available_timezones()) - _OF_THE_MACHINE
