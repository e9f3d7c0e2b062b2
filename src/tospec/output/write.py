"""Writing a tree to disk: all of it or nothing, and nothing that is not tospec's.

New files are staged below `.tospec/`, old ones are copied there, a journal is written, and
only then files are renamed into place. A run that fails undoes its steps; one that was killed
is undone by the next.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tospec.errors import ClashError, TargetError
from tospec.output.disk import FOLDER_MODE, Folder, ObstacleError
from tospec.output.journal import (
    BACKUP,
    DRAFT_PATH,
    JOURNAL_PATH,
    STAGING,
    Journal,
    Step,
    before,
    discard_leftovers,
    finish,
    pending,
    saved,
    settle,
    staged,
)
from tospec.output.manifest import MANIFEST_PATH, Manifest, digest, manifest_in, manifest_of
from tospec.output.paths import OWN_FOLDER
from tospec.output.plan import WritePlan, plan_for, plan_for_nothing
from tospec.output.targets import require_allowed, require_ours
from tospec.output.tree import Tree


def write_tree(tree: Tree, target: Path, *, tool_version: str, dry_run: bool = False) -> WritePlan:
    """Make an output folder hold a tree, and return what was done.

    Files of an earlier run are replaced or removed if nobody touched them; files of others are
    left alone. If anything goes wrong, the folder is as it was.

    Args:
        tree: What is to be there.
        target: The output folder; is made if need be, with the folders around it.
        tool_version: Version of tospec, for the manifest.
        dry_run: Whether to write nothing at all.

    Raises:
        TargetError: If the folder is not one to write to, or cannot be written.
        BusyError: If another run is writing to it.
        ClashError: If somebody's work would be lost.
    """
    if dry_run:
        return plan_write(tree, target, tool_version=tool_version)
    place = require_allowed(target)
    with _os_errors_as_faults(place), _made(place), Folder.opened(place) as folder:
        folder.lock()
        _recover(folder)
        plan = plan_for(folder, None, tree, tool_version=tool_version)
        if not plan.is_empty:
            _apply(folder, plan, _contents(tree, plan, tool_version))
        return plan


def plan_write(tree: Tree, target: Path, *, tool_version: str) -> WritePlan:
    """Return what `write_tree` would do; nothing is written.

    Raises:
        TargetError: If the folder is not one to write to.
        ClashError: If somebody's work would be lost.
    """
    place = require_allowed(target)
    if not place.exists():
        return plan_for_nothing(tree)
    with _os_errors_as_faults(place), Folder.opened(place) as folder:
        journal = pending(folder)
        if journal is None and manifest_in(folder) is None:
            require_ours(folder)
        return plan_for(folder, journal, tree, tool_version=tool_version)


def _recover(folder: Folder) -> None:
    """Undo an unfinished run; check that the folder is ours."""
    journal = pending(folder)
    if journal is not None:
        settle(folder, journal)
    if manifest_in(folder) is None:
        require_ours(folder)
    if set(folder.names(OWN_FOLDER)) - {"manifest.json"}:
        discard_leftovers(folder)


def _contents(tree: Tree, plan: WritePlan, tool_version: str) -> dict[str, bytes]:
    """Return what has to be written, the manifest last."""
    contents = {path: tree[path].text.encode() for path in (*plan.created, *plan.changed)}
    contents[MANIFEST_PATH] = manifest_of(tree, tool_version=tool_version).render().encode()
    return contents


def _apply(folder: Folder, plan: WritePlan, contents: dict[str, bytes]) -> None:
    known = manifest_in(folder)
    journal: Journal | None = None
    try:
        folder.make_folder(OWN_FOLDER)
        journal = _prepared(folder, plan, contents)
        _require_expected(journal, plan, known)
        folder.write(DRAFT_PATH, journal.render())
        folder.flush()
        folder.move(DRAFT_PATH, JOURNAL_PATH)
        folder.sync(OWN_FOLDER)
        _run(folder, journal)
    except BaseException:
        _undo(folder, journal)
        raise
    with suppress(OSError, ObstacleError):
        finish(folder, journal)


def _prepared(folder: Folder, plan: WritePlan, contents: dict[str, bytes]) -> Journal:
    """Stage what is new, copy what is old, and return the journal."""
    for own in (BACKUP, STAGING):
        folder.make_folder(own)
    steps = []
    *files, manifest = contents
    for path in (*files, *plan.removed, manifest):
        old = folder.read(path)
        if old is not None:
            folder.write(saved(path), old)
        if path in contents:
            folder.write(staged(path), contents[path])
        new = digest(contents[path]) if path in contents else None
        steps.append(Step(path, None if old is None else digest(old), new))
    folder.flush()
    return Journal(tuple(steps), folder.missing_folders(contents))


def _run(folder: Folder, journal: Journal) -> None:
    for made in journal.folders:
        folder.make_folder(made)
    for step in journal.steps:
        _require_as_planned(folder, step)
        if step.new is None:
            folder.remove(step.path)
            continue
        if step.path == MANIFEST_PATH:
            folder.flush()
        folder.move(staged(step.path), step.path)


def _require_expected(journal: Journal, plan: WritePlan, known: Manifest | None) -> None:
    """Check that what is about to be replaced is what the plan was made for."""
    hashes = {} if known is None else {path: e.sha256 for path, e in known.files.items()}
    expected = {path: hashes.get(path) for path in (*plan.changed, *plan.removed)}
    for step in journal.steps:
        if step.path != MANIFEST_PATH and step.old != expected.get(step.path):
            raise _edited_meanwhile(step.path)


def _require_as_planned(folder: Folder, step: Step) -> None:
    current = before(folder, None, step.path)
    if (None if current is None else digest(current)) != step.old:
        raise _edited_meanwhile(step.path)


def _edited_meanwhile(path: str) -> ClashError:
    message = "A file was edited while tospec was writing."
    return ClashError(message, (f"{path}: edited",), "Run it again.")


def _undo(folder: Folder, journal: Journal | None) -> None:
    """Put the folder back as it was; what cannot be undone now is left to the next run."""
    with suppress(OSError, ObstacleError):
        if journal is not None and folder.read(JOURNAL_PATH) is not None:
            settle(folder, journal)
        else:
            discard_leftovers(folder)


@contextmanager
def _made(place: Path) -> Iterator[None]:
    """Make a folder and those around it; remove them again if the work in it fails."""
    missing = [folder for folder in (place, *place.parents) if not folder.exists()]
    made: list[Path] = []
    try:
        for folder in reversed(missing):
            with suppress(FileExistsError):
                folder.mkdir()
                made.append(folder)
                folder.chmod(FOLDER_MODE)
        yield
    except BaseException:
        for folder in reversed(made):
            with suppress(OSError):
                folder.rmdir()
        raise


@contextmanager
def _os_errors_as_faults(place: Path) -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        message = f"Cannot write to {place}: {fault.strerror or fault}."
        raise TargetError(
            message, "No file is half written; run it again when there is nothing in the way."
        ) from fault
    except ObstacleError as fault:
        message = f"Cannot write to {place}: {fault}."
        raise TargetError(message, "Remove it, or give --out another folder.") from fault
