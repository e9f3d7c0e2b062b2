"""Reading of files that may be anything: bounded, once, and never waiting."""

import os
import stat
import sys
from typing import Final

from tospec.diagnostics import Diagnostic
from tospec.source import Span
from tospec.syntax.read_codes import CHANGED, TOO_LARGE
from tospec.syntax.read_files import Found, not_a_file, unreadable

# A FIFO would block on opening; a link put in a file's place after the walk is refused.
_FLAGS: Final = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOFOLLOW


def read_file(found: Found, limit: int) -> bytes | Diagnostic:
    """Return the content of a regular file, or why it is not to be had.

    Args:
        found: The file.
        limit: Number of bytes that it may hold.
    """
    try:
        descriptor = os.open(found.path, _FLAGS)
    except OSError as error:
        return unreadable(found.shown, error)
    try:
        return _content(descriptor, found.shown, limit)
    except OSError as error:
        return unreadable(found.shown, error)
    finally:
        os.close(descriptor)


def read_standard_input(shown: str, limit: int) -> bytes | Diagnostic:
    """Return what standard input holds, or an error when that is more than `limit` bytes."""
    try:
        data = sys.stdin.buffer.read(limit + 1)
    except OSError as error:
        return unreadable(shown, error)
    return too_large(shown, limit) if len(data) > limit else data


def too_large(shown: str, limit: int) -> Diagnostic:
    """Return the error for the file with which the spec exceeds what is left of its limit."""
    return Diagnostic(
        code=TOO_LARGE,
        span=Span(shown, 1, 1),
        message=f"The spec is too large: only {limit} bytes were left for this file.",
        help="Leave out what is not a spec; a spec has a few hundred kilobytes at most.",
    )


def _content(descriptor: int, shown: str, limit: int) -> bytes | Diagnostic:
    before = os.fstat(descriptor)
    if not stat.S_ISREG(before.st_mode):
        return not_a_file(shown)
    if before.st_size > limit:
        return too_large(shown, limit)
    with os.fdopen(os.dup(descriptor), "rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        return too_large(shown, limit)
    return data if _same(before, os.fstat(descriptor), len(data)) else _changed(shown)


def _same(before: os.stat_result, after: os.stat_result, size: int) -> bool:
    return (before.st_mtime_ns, before.st_size) == (after.st_mtime_ns, size)


def _changed(shown: str) -> Diagnostic:
    return Diagnostic(
        code=CHANGED,
        span=Span(shown, 1, 1),
        message="This file changed while it was being read.",
        help="Run again when it has been saved.",
    )
