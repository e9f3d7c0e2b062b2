"""operations-1: what watches the service, where the spec does not say."""

from typing import Final

NAME: Final = "operations-1"
TRACES: Final = "none"
"""Spans of requests are sent nowhere."""
