"""The record of a replacement under way, by which the next run can undo half of it."""

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Final

from tospec.errors import TargetError
from tospec.output.disk import Folder, ObstacleError, outer_folders
from tospec.output.manifest import MANIFEST_PATH, digest
from tospec.output.paths import OWN_FOLDER, require_safe

JOURNAL_PATH: Final = f"{OWN_FOLDER}/journal.json"
DRAFT_PATH: Final = f"{OWN_FOLDER}/journal.new"
STAGING: Final = f"{OWN_FOLDER}/staging"
BACKUP: Final = f"{OWN_FOLDER}/backup"
_FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class Step:
    """The replacement of one file.

    Attributes:
        path: Which file.
        old: Hash of what was there, None for nothing; then kept at `saved`.
        new: Hash of what comes there, None for nothing; before, it waits at `staged`.
    """

    path: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class Journal:
    """All steps of one run.

    Attributes:
        steps: What it does, in order.
        folders: Folders that it makes for them, outer first.
    """

    steps: tuple[Step, ...]
    folders: tuple[str, ...]

    def render(self) -> bytes:
        """Return the content of the journal's file."""
        steps = [asdict(step) for step in self.steps]
        data = {"format": _FORMAT, "steps": steps, "folders": list(self.folders)}
        return f"{json.dumps(data, indent=2)}\n".encode()


def staged(path: str) -> str:
    """Return where the new content of a file waits."""
    return f"{STAGING}/{_flat(path)}"


def saved(path: str) -> str:
    """Return where the old content of a file is kept."""
    return f"{BACKUP}/{_flat(path)}"


def pending(folder: Folder) -> Journal | None:
    """Return the journal of a run that did not come to its end, or None.

    Raises:
        TargetError: If it is not one that tospec wrote.
    """
    content = folder.read(JOURNAL_PATH)
    if content is None:
        return None
    try:
        return _parsed(content)
    except (ValueError, KeyError, TypeError) as fault:
        message = f"{folder.path / JOURNAL_PATH} is damaged."
        raise TargetError(message, "Restore the folder from version control.") from fault


def before(folder: Folder, journal: Journal | None, path: str) -> bytes | None:
    """Return a file's content as it will be when an unfinished run is settled.

    Raises:
        ObstacleError: If it is no plain file, or not in plain folders.
    """
    current = folder.read(path)
    if journal is None or _is_committed(folder, journal):
        return current
    step = next((step for step in journal.steps if step.path == path), None)
    if step is None or (current is not None and digest(current) != step.new):
        return current
    return folder.read(saved(path)) if step.old is not None else None


def settle(folder: Folder, journal: Journal) -> None:
    """Bring an unfinished run to its end if all its steps are done, else undo them.

    May be repeated after it was interrupted itself.
    """
    if _is_committed(folder, journal):
        finish(folder, journal)
    else:
        _roll_back(folder, journal)


def finish(folder: Folder, journal: Journal) -> None:
    """Tidy up after the last step, the manifest's, which made the outcome the lasting one."""
    folder.sync(OWN_FOLDER)
    for step in journal.steps:
        if step.new is None:
            _remove_empty_folders(folder, step.path)
    folder.remove(JOURNAL_PATH)
    discard_leftovers(folder)


def sync_changed(folder: Folder, journal: Journal) -> None:
    """Write the entries of all folders of a journal's files through to the disk."""
    for changed in folders_of(step.path for step in journal.steps):
        with suppress(ObstacleError):
            folder.sync(changed)


def discard_leftovers(folder: Folder) -> None:
    """Remove what a run leaves behind that has no journal, or no longer."""
    folder.sync(OWN_FOLDER)
    for own in (STAGING, BACKUP):
        folder.clear(own)
    folder.remove(DRAFT_PATH)
    folder.remove_folder(OWN_FOLDER)


def folders_of(paths: Iterable[str]) -> tuple[str, ...]:
    """Return the folders that directly hold the paths, in order."""
    return tuple(sorted({path.rpartition("/")[0] for path in paths}))


def _flat(path: str) -> str:
    """Return a name for a path: making and removing its folders twice costs more than files."""
    return digest(path.encode())


def _is_committed(folder: Folder, journal: Journal) -> bool:
    """Whether the manifest, which comes last, is the new one."""
    manifest = folder.read(MANIFEST_PATH)
    return manifest is not None and digest(manifest) == journal.steps[-1].new


def _roll_back(folder: Folder, journal: Journal) -> None:
    """Undo what was done, the last step first, but for files that somebody changed since."""
    for step in reversed(journal.steps):
        with suppress(ObstacleError):
            _undo(folder, step)
    for made in reversed(journal.folders):
        with suppress(ObstacleError):
            folder.remove_folder(made)
    sync_changed(folder, journal)
    folder.remove(JOURNAL_PATH)
    discard_leftovers(folder)


def _remove_empty_folders(folder: Folder, path: str) -> None:
    with suppress(ObstacleError):
        for outer in reversed(outer_folders(path)):
            if not folder.remove_folder(outer):
                return


def _undo(folder: Folder, step: Step) -> None:
    current = folder.read(step.path)
    if current is not None and digest(current) != step.new:
        return
    if step.old is None:
        folder.remove(step.path)
        return
    folder.make_folders_for(step.path)
    with suppress(FileNotFoundError):
        folder.move(saved(step.path), step.path)


def _parsed(content: bytes) -> Journal:
    data = json.loads(content)
    if data["format"] != _FORMAT:
        message = "unknown format"
        raise ValueError(message)
    steps = tuple(Step(_safe(s["path"]), s["old"], s["new"]) for s in data["steps"])
    if not steps or steps[-1].path != MANIFEST_PATH:
        message = "no manifest"
        raise ValueError(message)
    return Journal(steps, tuple(require_safe(made) for made in data["folders"]))


def _safe(path: str) -> str:
    return path if path == MANIFEST_PATH else require_safe(path)
