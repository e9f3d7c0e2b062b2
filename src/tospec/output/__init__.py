"""Trees of files: in memory, formatted, and written to disk without losing anybody's work."""

from tospec.output.formatting import FormattingError, format_tree
from tospec.output.manifest import Manifest, ManifestEntry, manifest_of, read_manifest
from tospec.output.paths import PathClashError, UnsafePathError, safe_names
from tospec.output.plan import WritePlan
from tospec.output.scaffold import scaffold
from tospec.output.tree import File, Tree
from tospec.output.write import plan_write, write_tree

__all__ = [
    "File",
    "FormattingError",
    "Manifest",
    "ManifestEntry",
    "PathClashError",
    "Tree",
    "UnsafePathError",
    "WritePlan",
    "format_tree",
    "manifest_of",
    "plan_write",
    "read_manifest",
    "safe_names",
    "scaffold",
    "write_tree",
]
