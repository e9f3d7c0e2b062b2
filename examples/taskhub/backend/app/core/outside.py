"""What becomes of a job that asked another service for something and did not get it.

Their texts are read by those who run the service: they name what was asked and how that ended,
and hold nothing that the other service said.
"""

from datetime import timedelta
from typing import Final

_AT_ONCE: Final = timedelta()


class OutsideError(Exception):
    """Another service did not do what it was asked to; asked again, it may.

    Attributes:
        after: How long to leave it alone at the least.
    """

    def __init__(self, told: str, *, after: timedelta = _AT_ONCE) -> None:
        self.after = after
        super().__init__(told)


class HeldError(OutsideError):
    """It is not to be asked for a while: the job waits, and loses no attempt."""


class HopelessError(OutsideError):
    """Asked again, it would refuse again: the job is given up."""
