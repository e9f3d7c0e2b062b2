"""Paths that are safe inside an output folder, on every file system."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

OWN_FOLDER: Final = ".tospec"
_PART: Final = re.compile(r"[A-Za-z0-9_.-]{1,100}")
_LONGEST: Final = 240
_DEVICES: Final = frozenset(
    {"aux", "con", "nul", "prn"} | {f"{port}{n}" for port in ("com", "lpt") for n in range(10)}
)


class UnsafePathError(ValueError):
    """A path could leave the output folder or mean something else on another system."""


class PathClashError(ValueError):
    """Two files of a tree want one place."""


def require_safe(path: str) -> str:
    """Return a relative path, parts separated by `/`.

    Raises:
        UnsafePathError: If it is absolute, has empty, `.` or `..` parts, unusual characters or
            a name that some system reserves, if it is too long, or if it points into the
            folder of tospec or of version control.
    """
    parts = path.split("/")
    if len(path) > _LONGEST or not all(_is_safe(part) for part in parts):
        message = f"{path[:_LONGEST]!a} is no safe path for a generated file"
        raise UnsafePathError(message)
    if parts[0].lower() == OWN_FOLDER or ".git" in (part.lower() for part in parts):
        message = f"{path!a} is in a folder where nothing is generated"
        raise UnsafePathError(message)
    return path


def require_distinct(paths: Iterable[str]) -> None:
    """Check that paths, in any order, can be files of one tree.

    Raises:
        PathClashError: If two differ in nothing but case, or one is a folder of another.
    """
    taken: dict[str, str] = {}
    folders: dict[str, str] = {}
    for path in paths:
        other = taken.setdefault(path.lower(), path)
        if other != path or folders.get(path.lower()):
            raise PathClashError(_clash(path, other if other != path else folders[path.lower()]))
        for folder in _folders(path):
            known = folders.setdefault(folder.lower(), f"{folder}/")
            if known != f"{folder}/" or folder.lower() in taken:
                raise PathClashError(_clash(path, taken.get(folder.lower(), known)))


def safe_names(names: Sequence[str], *, suffix: str) -> tuple[str, ...]:
    """Return the names themselves if all can be files of one folder, else numbers in order.

    Args:
        names: Paths as somebody else chose them.
        suffix: Suffix of a number where the name has none that is safe.
    """
    try:
        require_distinct([require_safe(name) for name in names])
    except (UnsafePathError, PathClashError):
        width = len(str(len(names)))
        kinds = (re.search(r"\.[a-z]{1,8}\Z", name) for name in names)
        ends = [kind[0] if kind else suffix for kind in kinds]
        return tuple(f"{number:0{width}}{end}" for number, end in enumerate(ends, 1))
    return tuple(names)


def _clash(path: str, other: str) -> str:
    return f"'{path}' and '{other}' cannot both be in one tree"


def _folders(path: str) -> tuple[str, ...]:
    parts = path.split("/")[:-1]
    return tuple("/".join(parts[:depth]) for depth in range(len(parts), 0, -1))


def _is_safe(part: str) -> bool:
    stem = part.partition(".")[0].lower()
    return bool(_PART.fullmatch(part)) and not part.endswith(".") and stem not in _DEVICES
