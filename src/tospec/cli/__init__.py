"""The command line: parses arguments, calls the pipeline, prints."""

import gc
from collections.abc import Sequence
from typing import Final

from tospec.cli.exits import Exit

__all__ = ["main"]

_NEW_OBJECTS: Final = 100_000
"""How many make a search for garbage worth it: nearly all that a spec becomes stays in use."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code; an interrupt is quiet from the first moment."""
    gc.set_threshold(_NEW_OBJECTS)
    try:
        from tospec.cli.running import run  # noqa: PLC0415 - takes most of a second
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    return run(arguments)
