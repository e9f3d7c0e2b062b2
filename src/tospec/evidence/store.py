"""Evidence as files: `.tospec/evidence/*.json` in the tree that it is about."""

import dataclasses
import json
import tempfile
import types
import typing
from enum import StrEnum
from pathlib import Path
from typing import Any

from tospec.errors import TospecError


class EvidenceError(TospecError):
    """A file of evidence that cannot be read as such."""


def save(record: Any, path: Path) -> None:
    """Write a record, whole or not at all; a reader never sees half of it.

    Args:
        record: An instance of a class of `tospec.evidence.records`.
        path: The file; its folder is made if it is missing.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(dataclasses.asdict(record), indent=2) + "\n"
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", dir=path.parent, prefix=path.name, delete=False
    ) as file:
        file.write(text)
    Path(file.name).replace(path)


def load[Record](kind: type[Record], path: Path) -> Record:
    """Read a record of a kind.

    Raises:
        EvidenceError: If the file is missing, not JSON, or not of this kind.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return typing.cast("Record", _decoded(kind, data))
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as fault:
        message = f"{path} is not a file of evidence: {fault}"
        raise EvidenceError(message) from fault


def _decoded(kind: Any, data: Any) -> Any:
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        kinds = typing.get_type_hints(kind)
        names = {field.name for field in dataclasses.fields(kind)}
        if not isinstance(data, dict) or not names >= data.keys():
            message = f"a {kind.__name__} has the members {', '.join(sorted(names))}"
            raise TypeError(message)
        return kind(**{name: _decoded(kinds[name], value) for name, value in data.items()})
    if typing.get_origin(kind) is tuple:
        (item, _) = typing.get_args(kind)
        return tuple(_decoded(item, value) for value in data)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind(data)
    return _scalar(kind, data)


def _scalar(kind: Any, data: Any) -> Any:
    if isinstance(kind, types.UnionType) or not isinstance(kind, type):
        message = f"no record holds a {kind}"
        raise TypeError(message)
    if kind is float and isinstance(data, int) and not isinstance(data, bool):
        return float(data)
    if type(data) is not kind:
        message = f"{data!r} is not a {kind.__name__}"
        raise TypeError(message)
    return data
