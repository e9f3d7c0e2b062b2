"""The command line: parses arguments, calls the pipeline, prints."""

from collections.abc import Sequence

from tospec.cli.exits import Exit

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code; an interrupt is quiet from the first moment."""
    try:
        from tospec.cli.running import run  # noqa: PLC0415 - takes most of a second
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    return run(arguments)
