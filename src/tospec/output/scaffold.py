"""Files that are the same in every output."""

from collections.abc import Iterator
from importlib import resources
from importlib.resources.abc import Traversable

from tospec.output.tree import File, Tree

_SKIPPED = frozenset({"__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache"})


def scaffold(package: str, folder: str = "scaffold") -> Tree:
    """Return the text files below a folder of an installed package, as they are.

    Args:
        package: Dotted name of the package.
        folder: Folder inside it.

    Raises:
        FileNotFoundError: If the package has no such folder.
    """
    root = resources.files(package).joinpath(folder)
    if not root.is_dir():
        message = f"{package} has no folder '{folder}'"
        raise FileNotFoundError(message)
    return Tree(File(path, text) for path, text in _texts(root, ""))


def _texts(folder: Traversable, prefix: str) -> Iterator[tuple[str, str]]:
    for entry in folder.iterdir():
        if entry.is_dir() and entry.name not in _SKIPPED:
            yield from _texts(entry, f"{prefix}{entry.name}/")
        elif entry.is_file() and not entry.name.endswith(".pyc"):
            yield f"{prefix}{entry.name}", entry.read_bytes().decode()
