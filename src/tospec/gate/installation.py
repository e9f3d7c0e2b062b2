"""What an installation of a built tree has to set, as the tree's own tests set it."""

import ast
from pathlib import Path
from typing import Final

PLACE: Final = "tests/installation.py"
_NAME: Final = "SETTINGS"


def settings_of(root: Path) -> dict[str, str]:
    """Return the settings without a default, each with a value that the tree takes.

    The tree's `tests/installation.py` is read, not run. A tree without one has no such settings.
    """
    try:
        module = ast.parse((root / PLACE).read_bytes())
    except (OSError, ValueError, SyntaxError):
        return {}
    values = (
        each.value
        for each in module.body
        if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
        if each.target.id == _NAME
    )
    return _texts(next(values, None))


def _texts(value: ast.expr | None) -> dict[str, str]:
    if not isinstance(value, ast.Dict):
        return {}
    pairs = zip(value.keys, value.values, strict=True)
    return {
        key.value: each.value
        for key, each in pairs
        if isinstance(key, ast.Constant) and isinstance(each, ast.Constant)
        if isinstance(key.value, str) and isinstance(each.value, str)
    }
