"""Files to located blocks: the first step of every command."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tospec.diagnostics import Diagnostic, ordered
from tospec.source import SourceText, Span
from tospec.syntax.markdown import Requirement, read_page
from tospec.syntax.nodes import Mapping, describe
from tospec.syntax.read_bytes import read_file, read_standard_input
from tospec.syntax.read_codes import (
    DUPLICATE_REQUIREMENT,
    NOT_A_MAPPING,
    NOTHING_FOUND,
    UNKNOWN_SUFFIX,
)
from tospec.syntax.read_fences import INFO
from tospec.syntax.read_files import (
    Folder,
    Found,
    bad_name,
    is_folder,
    is_spec_file,
    not_a_file,
    unreadable,
)
from tospec.syntax.read_secrets import without_secrets
from tospec.syntax.read_text import forbidden_characters, source_of
from tospec.syntax.yaml import compose
from tospec.syntax.yaml_places import Fragment

STANDARD_INPUT: Final = "-"
STANDARD_INPUT_SHOWN: Final = "<stdin>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much a spec may hold.

    Attributes:
        total_bytes: Bytes of all files together.
        files: Number of spec files in a folder.
        entries: Number of files and folders of any kind met in a folder.
    """

    total_bytes: int = 5 * 1024 * 1024
    files: int = 1000
    entries: int = 20_000


DEFAULT_LIMITS: Final = Limits()


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a spec.

    Attributes:
        root: What it holds.
        requirement: The requirement whose section holds it; None in a YAML file.
        span: The line that opens it, or the first line of a YAML file.
    """

    root: Mapping
    requirement: Requirement | None
    span: Span


@dataclass(frozen=True, slots=True)
class Reading:
    """A spec as written.

    Attributes:
        sources: The files that could be read as text, without what looks like a secret.
        requirements: The requirements in order of files and lines, each id once.
        blocks: The blocks in order of files and lines; those that are no YAML are left out.
        diagnostics: Everything wrong so far, in order of place.
    """

    sources: tuple[SourceText, ...]
    requirements: tuple[Requirement, ...]
    blocks: tuple[Block, ...]
    diagnostics: tuple[Diagnostic, ...]


def read(path: str | os.PathLike[str], *, limits: Limits = DEFAULT_LIMITS) -> Reading:
    """Read the spec at `path`; see `read_sources` for what that may be."""
    sources, problems = read_sources(path, limits=limits)
    reading = read_blocks(sources)
    found = problems + reading.diagnostics
    if not reading.blocks and not found:
        found = (_nothing(f"There is no spec block in {_counted(len(sources))}."),)
    return Reading(reading.sources, reading.requirements, reading.blocks, ordered(found))


def read_sources(
    path: str | os.PathLike[str], *, limits: Limits = DEFAULT_LIMITS
) -> tuple[tuple[SourceText, ...], tuple[Diagnostic, ...]]:
    """Read each file of a spec once.

    Args:
        path: A Markdown or YAML file; a folder, of which all such files are read except in hidden
            folders and in backends that tospec has written; or `-` for Markdown on standard input.
        limits: How much the spec may hold.

    Returns:
        The texts in order of their paths, and what is wrong with files that are not among them.
    """
    name = os.fspath(path)
    if name == STANDARD_INPUT:
        data = read_standard_input(STANDARD_INPUT_SHOWN, limits.total_bytes)
        return _texts([(STANDARD_INPUT_SHOWN, data)])
    files, problems = _files(name, limits)
    texts, unreadable_files = _texts(_contents(files, limits.total_bytes))
    return texts, ordered((*problems, *unreadable_files))


def read_blocks(sources: Iterable[SourceText]) -> Reading:
    """Return the requirements and blocks of texts; the suffix of `file` tells YAML files."""
    collected = _Collected()
    texts = tuple(map(collected.hide_secrets, sources))
    for source in texts:
        problems = forbidden_characters(source.file, source.text)
        collected.problems.extend(problems)
        if not problems:
            collected.take(source)
    return Reading(
        texts,
        tuple(collected.requirements.values()),
        tuple(collected.blocks),
        ordered(collected.problems),
    )


@dataclass(slots=True)
class _Collected:
    """What the files read so far hold together."""

    requirements: dict[str, Requirement] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)
    problems: list[Diagnostic] = field(default_factory=list)

    def hide_secrets(self, source: SourceText) -> SourceText:
        """Return `source` with what looks like a secret made unreadable; report each."""
        hidden, problems = without_secrets(source)
        self.problems.extend(problems)
        return hidden

    def take(self, source: SourceText) -> None:
        """Add what `source` holds."""
        if source.file.lower().endswith((".yaml", ".yml")):
            span = Span(source.file, 1, 1, max(len(source.line(1)), 1))
            self._block(Fragment(source.file, source.text), None, span)
            return
        page = read_page(source)
        self.problems.extend(page.diagnostics)
        for requirement in page.requirements:
            self._requirement(requirement)
        for fence in page.fences:
            self._block(fence.fragment, fence.requirement, fence.span)

    def _requirement(self, requirement: Requirement) -> None:
        first = self.requirements.setdefault(requirement.id, requirement)
        if first is not requirement:
            self.problems.append(_duplicate(requirement, first))

    def _block(self, fragment: Fragment, requirement: Requirement | None, span: Span) -> None:
        composed = compose(fragment)
        self.problems.extend(composed.diagnostics)
        if isinstance(composed.root, Mapping):
            self.blocks.append(Block(composed.root, requirement, span))
        elif composed.root is not None:
            self.problems.append(_not_a_mapping(describe(composed.root), composed.root.span))
        elif not composed.diagnostics:
            self.problems.append(_not_a_mapping("empty", span))


def _files(name: str, limits: Limits) -> tuple[list[Found], list[Diagnostic]]:
    shown = Path(name).name or name
    try:
        real = Path(name).resolve(strict=True)
    except (OSError, RuntimeError, ValueError) as error:
        problem = error if isinstance(error, OSError) else FileNotFoundError()
        return [], [unreadable(shown, problem)]
    if is_folder(real):
        return _folder(str(real), shown, limits)
    problem_of_name = bad_name(shown)
    if problem_of_name:
        return [], [problem_of_name]
    if not is_spec_file(shown):
        return [], [_unknown_suffix(shown)]
    return [Found(shown, str(real))], []


def _folder(real: str, shown: str, limits: Limits) -> tuple[list[Found], list[Diagnostic]]:
    if is_spec_file(shown):
        return [], [not_a_file(shown)]
    folder = Folder(real, limits.files, limits.entries)
    folder.walk()
    if not folder.files and not folder.problems:
        return [], [_nothing("There is no .md, .yaml or .yml file in the spec's folder.")]
    return folder.files[: limits.files], folder.problems


def _contents(files: list[Found], limit: int) -> Iterator[tuple[str, bytes | Diagnostic]]:
    left = limit
    for found in files:
        data = read_file(found, left)
        left -= len(data) if isinstance(data, bytes) else 0
        yield found.shown, data


def _texts(
    contents: Iterable[tuple[str, bytes | Diagnostic]],
) -> tuple[tuple[SourceText, ...], tuple[Diagnostic, ...]]:
    texts: list[SourceText] = []
    problems: list[Diagnostic] = []
    for shown, data in contents:
        if isinstance(data, Diagnostic):
            problems.append(data)
            continue
        source, found = source_of(shown, data)
        problems.extend(found)
        texts.extend([source] if source else [])
    return tuple(texts), ordered(problems)


def _unknown_suffix(shown: str) -> Diagnostic:
    message = "A spec is a .md, .yaml or .yml file, or a folder of such files."
    return Diagnostic(code=UNKNOWN_SUFFIX, span=Span(shown, 1, 1), message=message)


def _nothing(message: str) -> Diagnostic:
    help_ = f"Write a fenced block with the info string '{INFO}', or a YAML file."
    return Diagnostic(code=NOTHING_FOUND, span=None, message=message, help=help_)


def _counted(files: int) -> str:
    return "1 file" if files == 1 else f"{files} files"


def _duplicate(requirement: Requirement, first: Requirement) -> Diagnostic:
    return Diagnostic(
        code=DUPLICATE_REQUIREMENT,
        span=requirement.span,
        message=f"The requirement id {requirement.id} stands above two texts.",
        help="Give one of them another id.",
        related=((first.span, "It stands here first."),),
    )


def _not_a_mapping(what: str, span: Span) -> Diagnostic:
    return Diagnostic(
        code=NOT_A_MAPPING,
        span=span,
        message=f"A block must be a mapping; this one is {what}.",
        help="Begin it with its kind and name, such as `entity: Task`.",
    )
