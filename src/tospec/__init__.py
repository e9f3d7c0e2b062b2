"""tospec builds backends to spec.

The library does what the commands do: `read` a spec, `assess` it, `expand` it, `build` it.
"""

__version__ = "0.1.0"

from tospec.pipeline import Assessment, BuildResult, Reading, assess, build, expand, read

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
