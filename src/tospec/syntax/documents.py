"""The files below `docs` that follow from the grammar; run this module to write them."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from tospec.syntax.reference import reference_page
from tospec.syntax.schema import json_schema_text

DOCUMENTS: Final[dict[str, Callable[[], str]]] = {
    "docs/language.md": reference_page,
    "docs/spec.schema.json": json_schema_text,
}


def write_documents(root: Path) -> None:
    """Write the documents below the project's root."""
    for path, text in DOCUMENTS.items():
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    write_documents(Path.cwd())
