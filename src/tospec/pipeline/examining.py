"""Before the story: what this machine lacks for it."""

from importlib import resources
from pathlib import Path
from typing import Final

from tospec.doctor import Bundled, Health, examined

_PROFILE: Final = "tospec.profiles.cqrs"


def doctor(folder: Path | None = None) -> Health:
    """Say what is missing for which verb; nothing is changed, and no look takes long.

    Args:
        folder: A backend to look at as well.

    Raises:
        UsageError: If there is no such folder.
    """
    needed = Path(str(resources.files(_PROFILE))) / "requirements"
    bundled = Bundled(needed / "requirements.txt", needed / "requirements-dev.txt")
    return examined(bundled, folder)
