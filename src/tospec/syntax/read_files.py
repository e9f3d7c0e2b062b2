"""Which files make up a spec: a file, a folder, nothing outside of it."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tospec.diagnostics import Diagnostic
from tospec.source import Span
from tospec.syntax.read_codes import FILE_NAME, LINK, NOT_A_FILE, TOO_MANY_FILES, UNREADABLE
from tospec.syntax.read_text import forbidden_in_name

SUFFIXES: Final = (".md", ".yaml", ".yml")
BUILT_MARK: Final = ".tospec"

_REASONS: Final = (
    (FileNotFoundError, "there is no such file or folder"),
    (PermissionError, "permission is denied"),
    (NotADirectoryError, "a part of its path is not a folder"),
)


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """A file of the spec.

    Attributes:
        shown: Path relative to the spec's root, with `/`.
        path: Path to open; no part below the root is a link.
    """

    shown: str
    path: str


@dataclass(slots=True)
class Folder:
    """A walk through a spec's folder.

    Attributes:
        root: The folder, free of links.
        max_files: How many spec files it may hold.
        max_entries: How many entries of any kind the walk may meet.
        files: The spec files met.
        problems: What is wrong with them.
    """

    root: str
    max_files: int
    max_entries: int
    files: list[Found] = field(default_factory=list)
    problems: list[Diagnostic] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)
    _links: list[tuple[str, str]] = field(default_factory=list)
    _entries: int = 0

    def walk(self) -> None:
        """Find all spec files; a file that several links lead to is found once."""
        self._folders([(self.root, "")])
        while self._links and not self._full():
            batch, self._links = sorted(self._links), []
            for path, shown in batch:
                self._link(path, shown)
        self.files.sort()
        if self._full():
            self.problems.append(self._too_many())

    def _folders(self, pending: list[tuple[str, str]]) -> None:
        while pending and not self._full():
            path, shown = pending.pop()
            if path not in self._seen:
                self._seen.add(path)
                pending.extend(self._entries_of(path, shown))

    def _entries_of(self, path: str, shown: str) -> Iterator[tuple[str, str]]:
        """File away the entries of a folder, and yield its folders."""
        try:
            with os.scandir(path) as entries:
                for entry in entries:
                    self._entries += 1
                    if self._full():
                        return
                    if not entry.name.startswith("."):
                        yield from self._entry(
                            entry, f"{shown}/{entry.name}" if shown else entry.name
                        )
        except OSError as error:
            self.problems.append(unreadable(shown or ".", error))

    def _entry(self, entry: os.DirEntry[str], shown: str) -> Iterator[tuple[str, str]]:
        if entry.is_symlink():
            self._links.append((entry.path, shown))
        elif entry.is_dir(follow_symlinks=False):
            if is_spec_file(entry.name):
                self.problems.append(not_a_file(shown))
            elif not is_built(entry.path):
                yield entry.path, shown
        elif is_spec_file(entry.name):
            self._file(entry.path, shown)

    def _file(self, path: str, shown: str) -> None:
        if path in self._seen:
            return
        self._seen.add(path)
        problem = bad_name(shown)
        if problem:
            self.problems.append(problem)
        else:
            self.files.append(Found(shown, path))

    def _link(self, path: str, shown: str) -> None:
        try:
            target = os.path.realpath(path, strict=True)
        except OSError:
            if is_spec_file(shown):
                self.problems.append(_bad_link(shown, "leads nowhere"))
            return
        leads_to_folder = is_folder(Path(target))
        if not leads_to_folder and not is_spec_file(shown):
            return
        if not _inside(target, self.root):
            self.problems.append(_bad_link(shown, "leads out of the spec's folder"))
        elif leads_to_folder and not self._is_skipped(target):
            self._folders([(target, shown)])
        elif not leads_to_folder:
            self._file(target, shown)

    def _is_skipped(self, target: str) -> bool:
        """Return whether the walk would not enter this folder inside the root by itself."""
        below = Path(target).relative_to(self.root)
        folders = [Path(self.root, *below.parts[: n + 1]) for n in range(len(below.parts))]
        return any(f.name.startswith(".") or is_built(str(f)) for f in folders)

    def _full(self) -> bool:
        return len(self.files) > self.max_files or self._entries > self.max_entries

    def _too_many(self) -> Diagnostic:
        what, limit = "spec files", self.max_files
        if len(self.files) <= self.max_files:
            what, limit = "files and folders", self.max_entries
        return Diagnostic(
            code=TOO_MANY_FILES,
            span=None,
            message=f"The spec's folder holds more than {limit} {what}.",
            help="Name the folder that holds only the spec.",
        )


def is_spec_file(name: str) -> bool:
    """Return whether a file of this name is a part of a spec."""
    return name.lower().endswith(SUFFIXES)


def is_built(folder: str) -> bool:
    """Return whether `folder` holds a backend that tospec has written."""
    return is_folder(Path(folder, BUILT_MARK))


def is_folder(path: Path) -> bool:
    """Return whether `path` is a folder; False for what may not be looked at."""
    try:
        return path.is_dir()
    except OSError:
        return False


def bad_name(shown: str) -> Diagnostic | None:
    """Return the error for a path that cannot be shown to people, if it is one."""
    if not forbidden_in_name(shown) and not set(shown) & set("\t\n\r"):
        return None
    printable = ascii(shown)[1:-1]
    return Diagnostic(
        code=FILE_NAME,
        span=Span(printable, 1, 1),
        message="The file's name holds control characters or is not UTF-8.",
        help="Rename it.",
    )


def not_a_file(shown: str) -> Diagnostic:
    """Return the error for a spec file's name on something else."""
    message = "This has a spec file's name but is not a regular file."
    return Diagnostic(
        code=NOT_A_FILE, span=Span(shown, 1, 1), message=message, help="Rename or remove it."
    )


def unreadable(shown: str, error: OSError) -> Diagnostic:
    """Return the error for a file or folder that the system does not let us read."""
    reason = next((text for kind, text in _REASONS if isinstance(error, kind)), "")
    message = f"This cannot be read: {reason or 'the system reports an error'}."
    return Diagnostic(code=UNREADABLE, span=Span(shown, 1, 1), message=message)


def _bad_link(shown: str, problem: str) -> Diagnostic:
    return Diagnostic(
        code=LINK,
        span=Span(shown, 1, 1),
        message=f"This symbolic link {problem}.",
        help="Copy the file into the folder, or remove the link.",
    )


def _inside(target: str, root: str) -> bool:
    return Path(target).is_relative_to(root)
