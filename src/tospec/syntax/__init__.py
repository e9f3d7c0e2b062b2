"""The spec language: from files to a typed, resolved and frozen system."""

import os
from collections.abc import Iterable
from dataclasses import dataclass

from tospec.diagnostics import Diagnostic, ordered
from tospec.model import System
from tospec.source import SourceText
from tospec.syntax import reading
from tospec.syntax.assembling import assemble
from tospec.syntax.expanding import expanded
from tospec.syntax.parts import parts_of
from tospec.syntax.problems import Problems
from tospec.syntax.schema import json_schema, json_schema_text


@dataclass(frozen=True, slots=True)
class Reading:
    """A spec as far as it could be understood.

    Attributes:
        system: What the spec says; None when something is wrong with it.
        diagnostics: Everything that is wrong, in order of place.
        sources: The files that could be read as text.
    """

    system: System | None
    diagnostics: tuple[Diagnostic, ...]
    sources: tuple[SourceText, ...]


def read(path: str | os.PathLike[str]) -> Reading:
    """Read the spec at `path`: a Markdown or YAML file, a folder of such files, or `-`."""
    return _understood(reading.read(path))


def read_texts(sources: Iterable[SourceText]) -> Reading:
    """Read a spec from texts in memory; the suffix of `file` tells YAML from Markdown."""
    return _understood(reading.read_blocks(sources))


def expand(path: str | os.PathLike[str], notation: str = "md") -> tuple[str | None, Reading]:
    """Write out all that the spec at `path` says by sugar and by conventions.

    Args:
        path: As for `read`.
        notation: `md` for a spec again; `yaml` or `json` for the whole model as data.

    Returns:
        The text, or None when something is wrong with the spec; and how the spec was read.
    """
    return _expanded(reading.read(path), notation)


def expand_texts(sources: Iterable[SourceText], notation: str = "md") -> tuple[str | None, Reading]:
    """Write out a spec from texts in memory; see `expand`."""
    return _expanded(reading.read_blocks(sources), notation)


def _expanded(blocks: reading.Reading, notation: str) -> tuple[str | None, Reading]:
    understood = _understood(blocks)
    if understood.system is None:
        return None, understood
    known = frozenset(requirement.id for requirement in blocks.requirements)
    parts = parts_of(blocks.blocks, known, Problems())
    return expanded(blocks, parts, understood.system, notation), understood


def _understood(blocks: reading.Reading) -> Reading:
    system, found = assemble(blocks)
    return Reading(system, ordered((*blocks.diagnostics, *found)), blocks.sources)


__all__ = [
    "Reading",
    "expand",
    "expand_texts",
    "json_schema",
    "json_schema_text",
    "read",
    "read_texts",
]
