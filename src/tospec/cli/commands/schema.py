"""`tospec schema`."""

from tospec import pipeline
from tospec.cli import terminal
from tospec.cli.exits import Exit


def schema() -> int:
    """Print the JSON Schema of the blocks of a spec, for editors."""
    terminal.data(pipeline.schema())
    return Exit.COMPLETE
