"""`tospec version`."""

import platform

from tospec import __version__
from tospec.cli import terminal
from tospec.cli.arguments import Format, FormatOption
from tospec.cli.exits import Exit


def version(format: FormatOption = Format.TEXT) -> int:  # noqa: A002 - the option's name
    """Print the version."""
    if format is Format.JSON:
        python = platform.python_version()
        terminal.data({"name": "tospec", "version": __version__, "python": python})
    else:
        terminal.result(f"tospec {__version__}")
    return Exit.COMPLETE
