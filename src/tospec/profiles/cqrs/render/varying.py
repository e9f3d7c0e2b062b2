"""Files that are the same in all backends but for what few of them have."""

from tospec.ir.logic import Logic
from tospec.profiles.cqrs.render.environment import TEXTS


def render_varying(logic: Logic, path: str) -> str:
    """Return the file of that path; nothing of the spec stands in it."""
    return TEXTS.render(f"varying/{path}.j2", keeps_files=logic.keeps_files)
