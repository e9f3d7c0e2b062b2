"""The folder of a demo's own files: its database, its log and what it remembers."""

import os
from pathlib import Path
from typing import Final

from tospec.errors import TargetError

FOLDER: Final = ".demo"


def own_folder(target: Path) -> Path:
    """Return the demo's folder inside a backend; nobody else may look into it.

    Raises:
        TargetError: If it cannot be made.
    """
    folder = target / FOLDER
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        (folder / ".gitignore").write_text("*\n", encoding="utf-8")
    except OSError as fault:
        message = f"{folder} cannot be written: {fault.strerror}."
        raise TargetError(message, "Give --out a folder that you may write to.") from fault
    return folder


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
