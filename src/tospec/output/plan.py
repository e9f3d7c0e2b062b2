"""What a run would do to an output folder."""

from collections.abc import Iterator
from dataclasses import dataclass

from tospec.errors import ClashError
from tospec.output.disk import Folder, ObstacleError
from tospec.output.journal import Journal, before
from tospec.output.manifest import MANIFEST_PATH, Manifest, digest, manifest_of, parsed
from tospec.output.tree import Tree

_HELP = (
    "Undo the edits or move the files away; what a rebuild should keep belongs into files of"
    " your own."
)


@dataclass(frozen=True, slots=True)
class WritePlan:
    """What a run does, or would do, to an output folder; paths in order.

    Attributes:
        created: Files that are new.
        changed: Files whose content is replaced.
        removed: Files of an earlier run that are no longer generated.
        unchanged: Files that are as they should be.
        manifest_changed: Whether the record of the files is rewritten.
    """

    created: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: tuple[str, ...]
    manifest_changed: bool

    @property
    def is_empty(self) -> bool:
        """Whether nothing has to be done."""
        return not (self.created or self.changed or self.removed or self.manifest_changed)


def plan_for_nothing(tree: Tree) -> WritePlan:
    """Return the plan for a folder that does not exist yet."""
    created = tuple(file.path for file in tree)
    return WritePlan(created, (), (), (), manifest_changed=True)


def plan_for(
    folder: Folder, journal: Journal | None, tree: Tree, *, tool_version: str
) -> WritePlan:
    """Return the plan for an open folder.

    Args:
        folder: Where the tree is to go.
        journal: The journal of an unfinished run; the plan is for the state before it.
        tree: What is to be there.
        tool_version: Version of tospec.

    Raises:
        ClashError: If a file of an earlier run was edited or deleted, or if something else is
            where a new file has to go.
    """
    recorded = before(folder, journal, MANIFEST_PATH)
    known = parsed(recorded, folder.path) if recorded is not None else Manifest(tool_version, {})
    wanted = manifest_of(tree, tool_version=tool_version)
    found = _found(folder, journal, known, wanted)
    _require_untouched(found, known, wanted)
    stays = {path: found[path] == entry.sha256 for path, entry in wanted.files.items()}
    return WritePlan(
        created=tuple(p for p, same in stays.items() if not same and found[p] is None),
        changed=tuple(p for p, same in stays.items() if not same and found[p] is not None),
        removed=tuple(p for p in known.files if p not in stays and found[p] is not None),
        unchanged=tuple(p for p, same in stays.items() if same),
        manifest_changed=recorded != wanted.render().encode(),
    )


type _Found = dict[str, str | None]
_OBSTACLE = "obstacle"


def _found(folder: Folder, journal: Journal | None, known: Manifest, wanted: Manifest) -> _Found:
    """Return the hash of what is at each path; None for nothing."""
    return {path: _hash_at(folder, journal, path) for path in sorted({*known.files, *wanted.files})}


def _hash_at(folder: Folder, journal: Journal | None, path: str) -> str | None:
    try:
        content = before(folder, journal, path)
    except ObstacleError:
        return _OBSTACLE
    return None if content is None else digest(content)


def _require_untouched(found: _Found, known: Manifest, wanted: Manifest) -> None:
    clashes = tuple(_clashes(found, known, wanted))
    if clashes:
        count = "One file" if len(clashes) == 1 else f"{len(clashes)} files"
        message = f"{count} in the output folder would lose somebody's work."
        raise ClashError(message, clashes, _HELP)


def _clashes(found: _Found, known: Manifest, wanted: Manifest) -> Iterator[str]:
    for path, current in found.items():
        written = known.files[path].sha256 if path in known.files else None
        new = wanted.files[path].sha256 if path in wanted.files else None
        if current not in {written, new}:
            yield f"{path}: {_what_happened(current, written)}"
        elif written is None and current is not None:
            yield f"{path}: in the way, not written by tospec"


def _what_happened(current: str | None, written: str | None) -> str:
    if current is None:
        return "deleted"
    if current == _OBSTACLE:
        return "in the way, a link, a folder or a special file"
    return "in the way, not written by tospec" if written is None else "edited"
