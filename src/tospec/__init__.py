"""tospec builds backends to spec.

The library does what the commands do: `read` a spec, `assess` it, `expand` it, `build` it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tospec.pipeline import Assessment, BuildResult, Reading, assess, build, expand, read

__version__ = "0.1.0"

__all__ = [
    "Assessment",
    "BuildResult",
    "Reading",
    "__version__",
    "assess",
    "build",
    "expand",
    "read",
]


def __getattr__(name: str) -> Any:
    """Import the library when it is first used: a command cleans its import path before that."""
    if name not in __all__:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module("tospec.pipeline"), name)
