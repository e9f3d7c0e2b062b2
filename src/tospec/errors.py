"""Failures of I/O and usage, as opposed to findings about a spec.

TospecError
├── UsageError            the command line or a path is wrong
├── SourceError           a file of the spec cannot be read
├── TargetError           the output folder is unsafe, foreign or unwritable
│   └── BusyError         another run is writing to it
├── ClashError            a rebuild would lose somebody's edit
└── EnvironmentFaultError something that tospec needs is missing on this machine

Any other exception that reaches the command line is a bug in tospec.
"""

from typing import ClassVar


class TospecError(Exception):
    """A failure that the user can do something about.

    Attributes:
        exit_code: What the process answers with.
        message: One sentence: what is wrong and where.
        help: What to do about it; may be empty.
    """

    exit_code: ClassVar[int] = 2

    def __init__(self, message: str, help: str = "") -> None:  # noqa: A002 - the field's name
        super().__init__(message)
        self.message = message
        self.help = help


class UsageError(TospecError):
    """The command line or a path is wrong."""


class SourceError(TospecError):
    """A file of the spec cannot be read."""


class TargetError(TospecError):
    """The output folder is unsafe, foreign or unwritable."""


class BusyError(TargetError):
    """Another run is writing to the output folder."""


class ClashError(TospecError):
    """A rebuild would lose somebody's edit.

    Attributes:
        clashes: One line each: the path and what happened to it, in order of path.
    """

    exit_code = 4

    def __init__(
        self,
        message: str,
        clashes: tuple[str, ...],
        help: str = "",  # noqa: A002 - the field's name
    ) -> None:
        super().__init__(message, help)
        self.clashes = clashes


class EnvironmentFaultError(TospecError):
    """Something that tospec needs is missing on this machine."""

    exit_code = 1
