"""Words of a shell: exact, on one line, with nothing that a terminal acts on."""

import os
from collections.abc import Mapping
from itertools import groupby
from pathlib import Path
from typing import Final

from tospec.errors import TargetError

_SHORT_RUN: Final = 64


def quoted(text: str) -> str:
    """Return a text as one word of bash."""
    if text.isprintable() and text.isascii():
        return "'" + text.replace("'", "'\\''") + "'"
    return "$'" + "".join(map(_escaped, text)) + "'"


def bytes_expression(body: bytes) -> str:
    """Return bytes as an expression of Python, with long runs of one byte as products."""
    parts: list[str] = []
    plain = bytearray()
    for _, run in groupby(body):
        stretch = bytes(run)
        if len(stretch) < _SHORT_RUN:
            plain += stretch
            continue
        parts += [repr(bytes(plain))] if plain else []
        parts.append(f"{stretch[:1]!r} * {len(stretch)}")
        plain.clear()
    parts += [repr(bytes(plain))] if plain or not parts else []
    return " + ".join(parts)


def write_variables(path: Path, variables: Mapping[str, str]) -> None:
    """Write lines that set and export variables; nobody else may read the file.

    Raises:
        TargetError: If it cannot be written.
    """
    lines = [f"export {name}={quoted(value)}\n" for name, value in sorted(variables.items())]
    try:
        path.unlink(missing_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.writelines(lines)
    except OSError as fault:
        message = f"{path} cannot be written: {fault.strerror}."
        raise TargetError(message) from fault


def one_line(text: str) -> str:
    """Return a text with line ends and control characters spelled out."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _escaped(character: str) -> str:
    if character in "'\\":
        return f"\\{character}"
    if character.isprintable():
        return character
    raw = character.encode("utf-8", "surrogatepass")
    return "".join(f"\\x{byte:02x}" for byte in raw)
