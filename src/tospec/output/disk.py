"""The file system, seen from one folder that no path and no link leads out of."""

import errno
import fcntl
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tospec.errors import BusyError, TargetError

_OPEN_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_OPEN_FILE: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
_CREATE_FILE: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE_MODE: Final = 0o644
FOLDER_MODE: Final = 0o755
_KEPT_OPEN: Final = 16


class ObstacleError(Exception):
    """Something else than a plain file or folder is where one was looked for.

    Attributes:
        where: Path of the obstacle, relative to the folder.
    """

    def __init__(self, where: str) -> None:
        super().__init__(f"'{where}' is a link, a folder or a special file")
        self.where = where


@dataclass(frozen=True, slots=True)
class Folder:
    """An open folder; every path is relative to it, and links are never followed.

    Attributes:
        path: Where it was opened, for messages.
        handle: Its file descriptor.
        inner: Descriptors of the folders in it that were used last, by path; opening every
            folder on the way for each file takes longer than the file.
    """

    path: Path
    handle: int
    inner: dict[str, int]

    @staticmethod
    @contextmanager
    def opened(path: Path) -> Iterator["Folder"]:
        """Open a folder and close it in the end.

        Raises:
            TargetError: If there is none, or a link.
        """
        try:
            handle = os.open(path, _OPEN_FOLDER)
        except OSError as fault:
            message = f"Cannot open the folder {path}: {fault.strerror}."
            raise TargetError(message) from fault
        folder = Folder(path, handle, {})
        try:
            yield folder
        finally:
            folder.forget()
            os.close(handle)

    def forget(self) -> None:
        """Close the folders in it that are kept open."""
        while self.inner:
            os.close(self.inner.popitem()[1])

    def lock(self) -> None:
        """Keep other runs out until the folder is closed or the process ends.

        Raises:
            BusyError: If another run has locked it.
        """
        try:
            fcntl.flock(self.handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as fault:
            message = f"Another run of tospec is writing to {self.path}."
            raise BusyError(message, "Wait until it has ended.") from fault

    def names(self, path: str = "") -> tuple[str, ...]:
        """Return the sorted names in a folder; none if it does not exist."""
        if not path:
            return _entries(self.handle)
        with suppress(FileNotFoundError), self._inside(f"{path}/x") as (parent, _):
            return _entries(parent)
        return ()

    def read(self, path: str) -> bytes | None:
        """Return the content of a file, or None if there is nothing.

        Raises:
            ObstacleError: If it is no plain file, or not in plain folders.
        """
        with suppress(FileNotFoundError), self._inside(path) as (parent, name):
            handle = _open(name, parent, path)
            with os.fdopen(handle, "rb") as file:
                if not stat.S_ISREG(os.fstat(handle).st_mode):
                    raise ObstacleError(path)
                return file.read()
        return None

    def write(self, path: str, content: bytes) -> None:
        """Write a new file; `flush` takes it through to the disk.

        Raises:
            FileExistsError: If there is one.
        """
        with self._inside(path) as (parent, name):
            handle = os.open(name, _CREATE_FILE, _FILE_MODE, dir_fd=parent)
            try:
                os.fchmod(handle, _FILE_MODE)
                view = memoryview(content)
                while view:
                    view = view[os.write(handle, view) :]
            finally:
                os.close(handle)

    def move(self, path: str, to: str) -> None:
        """Put a file in the place of another, or of none, in one step."""
        with self._inside(path) as (parent, name), self._inside(to) as (new_parent, new_name):
            os.rename(name, new_name, src_dir_fd=parent, dst_dir_fd=new_parent)

    def remove(self, path: str) -> None:
        """Remove a file if it exists."""
        with suppress(FileNotFoundError), self._inside(path) as (parent, name):
            os.unlink(name, dir_fd=parent)

    def missing_folders(self, paths: Iterable[str]) -> tuple[str, ...]:
        """Return the folders that files need and that do not exist, outer first.

        Raises:
            ObstacleError: If something else is in the place of one.
        """
        needed = {outer for path in paths for outer in outer_folders(path)}
        return tuple(folder for folder in sorted(needed) if not self._is_folder(folder))

    def make_folder(self, path: str) -> None:
        """Make a folder in an existing one; an existing folder is left as it is."""
        with self._inside(path) as (parent, name):
            try:
                os.mkdir(name, FOLDER_MODE, dir_fd=parent)
            except FileExistsError:
                return
            handle = os.open(name, _OPEN_FOLDER, dir_fd=parent)
            try:
                os.fchmod(handle, FOLDER_MODE)
            finally:
                os.close(handle)

    def make_folders_for(self, path: str) -> None:
        """Make the folders that a file at `path` needs."""
        for folder in self.missing_folders([path]):
            self.make_folder(folder)

    def remove_folder(self, path: str) -> bool:
        """Remove a folder if it is empty and say whether it is gone."""
        self.forget()
        try:
            with self._inside(path) as (parent, name):
                os.rmdir(name, dir_fd=parent)
        except FileNotFoundError:
            return True
        except OSError as fault:
            if fault.errno not in {errno.ENOTEMPTY, errno.EEXIST}:
                raise
            return False
        return True

    def clear(self, path: str) -> None:
        """Remove a folder with all that is in it; links in it are removed, not followed."""
        for name in self.names(path):
            entry = f"{path}/{name}"
            if self._is_real_folder(entry):
                self.clear(entry)
            else:
                self.remove(entry)
        self.remove_folder(path)

    def flush(self) -> None:
        """Write everything through to the disk: one call, where a file at a time takes seconds."""
        os.sync()

    def sync(self, folder: str) -> None:
        """Write the entries of a folder through to the disk."""
        if not folder:
            os.fsync(self.handle)
            return
        with suppress(FileNotFoundError), self._inside(f"{folder}/x") as (parent, _):
            os.fsync(parent)

    def _is_folder(self, path: str) -> bool:
        try:
            with self._inside(f"{path}/x"):
                return True
        except FileNotFoundError:
            return False

    def _is_real_folder(self, path: str) -> bool:
        with self._inside(path) as (parent, name):
            found = os.stat(name, dir_fd=parent, follow_symlinks=False)
            return stat.S_ISDIR(found.st_mode)

    @contextmanager
    def _inside(self, path: str) -> Iterator[tuple[int, str]]:
        """Give the open folder that holds `path`, with the last part of the path."""
        around, _, name = path.rpartition("/")
        try:
            yield (self._opened(around) if around else self.handle), name
        finally:
            while len(self.inner) > _KEPT_OPEN:
                os.close(self.inner.pop(next(iter(self.inner))))

    def _opened(self, folder: str) -> int:
        """Return a descriptor of a folder, and make it the one that was used last."""
        handle = self.inner.pop(folder, None)
        if handle is None:
            handle = self._descend(folder)
        self.inner[folder] = handle
        return handle

    def _descend(self, path: str) -> int:
        around, _, name = path.rpartition("/")
        parent = self._opened(around) if around else self.handle
        return _open(name, parent, path, flags=_OPEN_FOLDER)


def outer_folders(path: str) -> tuple[str, ...]:
    """Return the folders around a path, the outermost first."""
    parts = path.split("/")[:-1]
    return tuple("/".join(parts[:depth]) for depth in range(1, len(parts) + 1))


def _entries(handle: int) -> tuple[str, ...]:
    return tuple(sorted(os.listdir(handle)))


def _open(name: str, parent: int, path: str, flags: int = _OPEN_FILE) -> int:
    try:
        return os.open(name, flags, dir_fd=parent)
    except OSError as fault:
        if fault.errno in {errno.ELOOP, errno.ENOTDIR, errno.EMLINK, errno.ENXIO}:
            raise ObstacleError(path) from fault
        raise
