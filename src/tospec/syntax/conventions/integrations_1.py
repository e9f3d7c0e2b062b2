"""integrations-1: how other services are asked where the spec does not say."""

from typing import Final

from tospec.model import Breaker, CallRetry

NAME: Final = "integrations-1"
TIMEOUT: Final = 10_000
"""Milliseconds that an attempt may take."""
RETRY: Final = CallRetry(attempts=3, base=200, cap=2_000, budget=20)
BREAKER: Final = Breaker(failures=5, within=30_000, open=60_000)
DEGRADED: Final = "wait"
CONCURRENCY: Final = 10
