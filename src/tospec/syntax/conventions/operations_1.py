"""operations-1: what the spec leaves open about how a service is run."""

from typing import Final

NAME: Final = "operations-1"
TRACES: Final = "none"
"""Spans of requests are sent nowhere."""

ADMIN_ENABLED: Final = True
"""Whether an installation serves the page for people when nothing says so."""
PAUSE: Final = 1_000
"""Milliseconds that people wait between an answer and their next request, in a budget."""
ADMIN_PART: Final = "admin"
"""The first part of the paths of that page."""
