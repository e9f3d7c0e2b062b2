"""jobs-1: what the spec leaves open about background work, and the operations of its operators."""

from typing import Final

from tospec.model import Retry

NAME: Final = "jobs-1"
TIMEOUT: Final = 60
"""Seconds that an attempt may take."""
RETRY: Final = Retry(attempts=5, base=2, cap=600)
ZONE: Final = "UTC"
CATCH_UP: Final = "once"
OVERLAP: Final = "skip"
KEEP: Final = 30 * 86_400
"""Seconds for which rows of finished jobs stay."""
