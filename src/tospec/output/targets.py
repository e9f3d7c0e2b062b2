"""Which folders tospec writes to."""

from contextlib import suppress
from pathlib import Path

from tospec.errors import TargetError
from tospec.output.disk import Folder
from tospec.output.journal import BACKUP, DRAFT_PATH, STAGING
from tospec.output.paths import OWN_FOLDER

_LEFTOVERS = frozenset(path.rpartition("/")[2] for path in (BACKUP, DRAFT_PATH, STAGING))


def require_allowed(target: Path) -> Path:
    """Return the absolute path of an output folder that need not exist yet.

    Raises:
        TargetError: If it is a link or no folder; if it is or holds somebody's home or the root;
            if it is in the folder of version control or of tospec.
    """
    if target.is_symlink():
        raise _refused(target, "it is a link")
    place = target.resolve()
    if place.exists() and not place.is_dir():
        raise _refused(target, "it is a file")
    if place == Path(place.anchor):
        raise _refused(target, "it is the root of the file system")
    if _holds_home(place):
        raise _refused(target, "it is a home folder or holds one")
    for own in (".git", OWN_FOLDER):
        if own in (part.lower() for part in place.parts):
            raise _refused(target, f"it is inside of {own}")
    return place


def require_ours(folder: Folder) -> None:
    """Check that a folder without a manifest is as good as empty.

    Raises:
        TargetError: If there is anything in it that tospec did not leave there.
    """
    names = folder.names()
    if not names:
        return
    if names == (OWN_FOLDER,) and set(folder.names(OWN_FOLDER)) <= _LEFTOVERS:
        return
    message = f"{folder.path} is not empty and was not written by tospec."
    raise TargetError(message, "Give --out a new or empty folder.")


def _holds_home(place: Path) -> bool:
    with suppress(RuntimeError):
        home = Path.home().resolve()
        return home == place or place in home.parents
    return False


def _refused(target: Path, reason: str) -> TargetError:
    message = f"Cannot write to {target}: {reason}."
    return TargetError(message, "Give --out a folder of its own.")
