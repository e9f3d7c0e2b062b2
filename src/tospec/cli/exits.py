"""What the process answers with."""

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of every command."""

    COMPLETE = 0
    FAILED = 1
    INVALID = 2
    OPEN = 3
    CLASHES = 4
    INCONCLUSIVE = 5
    BUG = 70
    INTERRUPTED = 130
    NO_READER = 141
