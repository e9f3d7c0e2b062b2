"""What tospec wrote: the record by which it knows its own files again."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from tospec.errors import TargetError
from tospec.output.disk import Folder
from tospec.output.paths import OWN_FOLDER, require_distinct, require_safe
from tospec.output.tree import Tree

MANIFEST_PATH: Final = f"{OWN_FOLDER}/manifest.json"
_FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class ManifestEntry:
    """One generated file.

    Attributes:
        sha256: Hash of its content, in hexadecimal digits.
        origins: Ids of the items of the spec that it comes from.
    """

    sha256: str
    origins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Manifest:
    """The generated files of one output folder.

    Attributes:
        tool_version: Version of tospec that wrote them.
        files: Entry of each path, in order of path.
    """

    tool_version: str
    files: Mapping[str, ManifestEntry]

    def render(self) -> str:
        """Return the content of the manifest's file."""
        files = [
            {"path": path, "sha256": entry.sha256, "origins": list(entry.origins)}
            for path, entry in sorted(self.files.items())
        ]
        tool = {"name": "tospec", "version": self.tool_version}
        return json.dumps({"format": _FORMAT, "tool": tool, "files": files}, indent=2) + "\n"


def manifest_of(tree: Tree, *, tool_version: str) -> Manifest:
    """Return the manifest of a tree."""
    files = {file.path: ManifestEntry(digest(file.text.encode()), file.origins) for file in tree}
    return Manifest(tool_version, MappingProxyType(files))


def read_manifest(target: Path) -> Manifest | None:
    """Return the manifest of an output folder, or None if it has none.

    Raises:
        TargetError: If the folder or its manifest cannot be read.
    """
    if not target.is_dir():
        return None
    with Folder.opened(target) as folder:
        return manifest_in(folder)


def manifest_in(folder: Folder) -> Manifest | None:
    """Return the manifest of an open output folder, or None if it has none.

    Raises:
        TargetError: If it is not one that tospec wrote.
    """
    content = folder.read(MANIFEST_PATH)
    return None if content is None else parsed(content, folder.path)


def parsed(content: bytes, target: Path) -> Manifest:
    """Return the manifest with a content.

    Args:
        content: The content of its file.
        target: The output folder, for messages.

    Raises:
        TargetError: If it is not one that tospec wrote.
    """
    try:
        return _parsed(content)
    except (ValueError, KeyError, TypeError) as fault:
        message = f"{target / MANIFEST_PATH} is damaged."
        raise TargetError(message, "Restore it from version control.") from fault


def digest(content: bytes) -> str:
    """Return the SHA-256 of a content in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def _parsed(content: bytes) -> Manifest:
    data = json.loads(content)
    if data["format"] != _FORMAT:
        message = "unknown format"
        raise ValueError(message)
    files = {
        require_safe(str(file["path"])): ManifestEntry(
            str(file["sha256"]), tuple(str(origin) for origin in file["origins"])
        )
        for file in data["files"]
    }
    require_distinct(files)
    return Manifest(str(data["tool"]["version"]), MappingProxyType(files))
