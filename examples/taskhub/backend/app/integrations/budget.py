"""A budget of retries: what is down for all is not asked several times as often by all."""

from typing import Final

_RESERVE: Final = 10.0
"""How many retries may be saved up."""


class Budget:
    """Allows retries as a share of calls.

    Args:
        share: How many each call allows.
    """

    def __init__(self, share: float) -> None:
        self._share = share
        self._left = _RESERVE

    def call(self) -> None:
        """Count a call."""
        self._left = min(_RESERVE, self._left + self._share)

    def spend(self) -> bool:
        """Take a retry; return whether there was one left."""
        if self._left < 1:
            return False
        self._left -= 1
        return True
