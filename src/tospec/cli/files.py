"""Files that commands are told to write."""

import os
from pathlib import Path

from tospec.errors import UsageError


def require_writable(path: Path) -> None:
    """Refuse a file that cannot be written, before the work that would go into it.

    Raises:
        UsageError: If it is a folder, or its folder is not there and cannot be made.
    """
    place = next(p for p in (path, *path.absolute().parents) if p.exists())
    may = os.access(place, os.W_OK) and (place == path or place.is_dir())
    if path.is_dir() or not may:
        raise UsageError(f"{path} cannot be written.", "Name another file.")
