"""What the interpreter that runs this has installed. A program as well, for other interpreters.

It imports the standard library only, and nothing newer than Python 3.10.
"""

import json
import sys
from importlib import metadata, util
from typing import Any


def answered() -> dict[str, Any]:
    """Return the version of Python, and of each distribution with whether its modules are there."""
    modules: dict[str, list[str]] = {}
    for module, names in metadata.packages_distributions().items():
        for name in names:
            modules.setdefault(name, []).append(module)
    found: dict[str, tuple[str, bool]] = {}
    for each in metadata.distributions():
        own = modules.get(each.name, [])
        if each.name:
            found.setdefault(each.name, (each.version, not own or any(map(_is_there, own))))
    version = ".".join(map(str, sys.version_info[:3]))
    return {"version": version, "found": found, "pip": _is_there("pip")}


def _is_there(module: str) -> bool:
    try:
        return util.find_spec(module) is not None
    except (ImportError, ValueError):
        return False


if __name__ == "__main__":
    sys.stdout.write(json.dumps(answered()))
