"""Specs with something wrong in them, made from right ones."""

import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from tospec.source import SourceText
from tospec.syntax.reading import read_blocks
from tospec.syntax.writing import data_of, yaml_text

ROOT: Final = Path(__file__).parents[2]
ODD_VALUES: Final[tuple[Any, ...]] = (
    None,
    True,
    False,
    0,
    -1,
    10**30,
    "",
    " ",
    "null",
    "x",
    "Task",
    "id",
    "created_at",
    "before.title",
    "class",
    "a.b.c",
    "-",
    "task:read",
    "POST /v1/tasks/{task}/{task}",
    "GET /",
    "((((",
    "a" * 2000,
    "principal",
    "count(tasks)",
    "may('read', project)",
    "duration('9999999d')",
    "1/0",
    "é\u202e",
    "line\nline",
    "'; DROP TABLE tasks; --",
    "[a-z]{2}(?=x)",
    [],
    {},
    [[]],
    {"a": {"b": []}},
    ["id", "id"],
    [None, 3],
    [9, 1],
    {"that": "true"},
)

type Block = dict[str, Any]


def sources_of(path: Path) -> list[SourceText]:
    """Return the Markdown files that stand in a folder, or the one that `path` is."""
    files = [path] if path.is_file() else sorted(path.glob("*.md"))
    return [SourceText(file.name, file.read_text(encoding="utf-8")) for file in files]


def blocks_of(path: str) -> list[Block]:
    """Return the blocks of a spec as plain data."""
    return [_plain(data_of(block.root)) for block in read_blocks(sources_of(ROOT / path)).blocks]


def _plain(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _plain(value) for key, value in data.items()}
    return [_plain(item) for item in data] if isinstance(data, list) else data


def text_of(blocks: list[Block]) -> str:
    """Return blocks as a Markdown spec with the requirements that they name."""
    fences = [f"```yaml tospec\n{yaml_text(block)}```\n" for block in blocks]
    named = sorted({"REQ-001", *re.findall(r"\bREQ-[0-9]{3}\b", "".join(fences))})
    return "\n".join([*(f"## {id_} All of it\n" for id_ in named), *fences])


def mutated(blocks: list[Block], chance: random.Random, times: int) -> list[Block]:
    """Return blocks of which `times` parts were changed."""
    changed: list[Block] = _plain(blocks)
    for _ in range(times):
        mutation = chance.choice(MUTATIONS)
        mutation(changed, chance)
    return [block for block in changed if block]


def _places(data: Any) -> list[tuple[Any, Any]]:
    """Return every container with each of its keys."""
    found = []
    waiting = [data]
    while waiting:
        one = waiting.pop()
        keys = list(one) if isinstance(one, dict) else range(len(one))
        for key in keys:
            found.append((one, key))
            if isinstance(one[key], dict | list):
                waiting.append(one[key])
    return found


def _replace(blocks: list[Block], chance: random.Random) -> None:
    inside = [place for block in blocks for place in _places(block)]
    if inside:
        container, key = chance.choice(inside)
        container[key] = _plain(chance.choice(ODD_VALUES))


def _remove(blocks: list[Block], chance: random.Random) -> None:
    container, key = chance.choice(_places(blocks) or [([0], 0)])
    del container[key]


def _rename(blocks: list[Block], chance: random.Random) -> None:
    mappings = [place for place in _places(blocks) if isinstance(place[0], dict)]
    if mappings:
        container, key = chance.choice(mappings)
        container[_typo(key, chance)] = container.pop(key)


def _misspell(blocks: list[Block], chance: random.Random) -> None:
    texts = [(c, k) for block in blocks for c, k in _places(block) if isinstance(c[k], str)]
    if texts:
        container, key = chance.choice(texts)
        container[key] = _typo(container[key], chance)


def _typo(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text) + 1)
    other = chance.choice(["", "x", "_", "-", "A", ".", " ", ":", "é", "(", "'", "{"])
    return text[:at] + other + text[at + chance.randrange(2) :]


def _move(blocks: list[Block], chance: random.Random) -> None:
    places = [place for block in blocks for place in _places(block)]
    if len(places) > 1:
        (target, key), (source, other) = chance.sample(places, 2)
        target[key] = _plain(source[other])


def _repeat(blocks: list[Block], chance: random.Random) -> None:
    if blocks:
        blocks.insert(chance.randrange(len(blocks) + 1), _plain(chance.choice(blocks)))


MUTATIONS: Final[tuple[Callable[[list[Block], random.Random], None], ...]] = (
    _replace,
    _replace,
    _remove,
    _rename,
    _misspell,
    _misspell,
    _move,
    _repeat,
)
