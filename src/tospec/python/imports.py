"""Import statements: collected as values, printed sorted and grouped."""

import keyword
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Final, Self

LINE_LENGTH: Final = 100
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_FUTURE, _STANDARD, _THIRD_PARTY, _FIRST_PARTY = range(4)


@dataclass(frozen=True, slots=True)
class Import:
    """One imported name.

    Attributes:
        module: Absolute dotted name of the module.
        name: Name taken from the module, or None for the module itself.
        alias: Name that it gets here, or None for its own.

    Raises:
        ValueError: If a part is not a plain ASCII name.
    """

    module: str
    name: str | None = None
    alias: str | None = None

    def __post_init__(self) -> None:
        parts = (*self.module.split("."), self.name, self.alias)
        for part in parts:
            if part is not None and (not _NAME.fullmatch(part) or keyword.iskeyword(part)):
                message = f"{part!r} cannot be imported"
                raise ValueError(message)

    @property
    def bound(self) -> str:
        """The name that the statement binds in the importing module."""
        return self.alias or self.name or self.module.partition(".")[0]

    @property
    def explicit(self) -> bool:
        """Whether it is a re-export, written `name as name`, and so counts as used."""
        return self.alias is not None and self.alias == self.name


class ImportClashError(Exception):
    """Two imports bind one name to different things."""


class ImportSet:
    """The imports of one module."""

    def __init__(self, imports: Iterable[Import] = ()) -> None:
        self._imports = frozenset(imports)

    def checked(self) -> Self:
        """Return the set itself.

        Raises:
            ImportClashError: If two imports bind one name to different things.
        """
        bound: dict[str, Import] = {}
        for each in sorted(self._imports, key=_as_key):
            other = bound.setdefault(each.bound, each)
            if other != each and not _same_package(other, each):
                message = f"'{each.bound}' is imported from both {other.module} and {each.module}"
                raise ImportClashError(message)
        return self

    def used_in(self, names: frozenset[str]) -> Self:
        """Return the imports that bind one of `names`, re-exports and future features."""
        return type(self)(
            i for i in self._imports if i.bound in names or i.explicit or i.module == "__future__"
        )

    @property
    def bound(self) -> frozenset[str]:
        """The names that the imports bind, except by future statements."""
        return frozenset(i.bound for i in self._imports if i.module != "__future__")

    def render(self, first_party: Sequence[str] = ()) -> str:
        """Return the statements: future, standard library, third party, first party.

        Args:
            first_party: Top-level packages of the project that the module belongs to.
        """
        placed = [(_section(i, first_party), _as_key(i), i) for i in self._imports]
        groups = groupby(sorted(placed, key=itemgetter(0, 1)), key=itemgetter(0))
        return "\n\n".join(_block([each for *_, each in group]) for _, group in groups)


def _same_package(one: Import, other: Import) -> bool:
    """Whether two imports bind a package by importing modules below it."""
    return all(i.name is None and i.alias is None for i in (one, other))


def _section(each: Import, first_party: Sequence[str]) -> int:
    top = each.module.partition(".")[0]
    if top == "__future__":
        return _FUTURE
    if top in first_party:
        return _FIRST_PARTY
    return _STANDARD if top in sys.stdlib_module_names else _THIRD_PARTY


def _block(imports: Sequence[Import]) -> str:
    modules = [i for i in imports if i.name is None]
    members = [i for i in imports if i.name is not None]
    statements = [_clause("import " + i.module, i.alias) for i in modules]
    grouped: dict[tuple[str, str], list[Import]] = defaultdict(list)
    for member in members:
        grouped[_statement(member)].append(member)
    ordered = sorted(grouped.values(), key=lambda group: _as_key(group[0]))
    return "\n".join((*statements, *(_from(group[0].module, group) for group in ordered)))


def _statement(member: Import) -> tuple[str, str]:
    """Return what members must share to stand in one statement: a renamed one stands alone."""
    return member.module, f"{member.name} {member.alias}" if member.alias else ""


def _from(module: str, members: Sequence[Import]) -> str:
    names = [_clause(i.name or "", i.alias) for i in members]
    line = f"from {module} import {', '.join(names)}"
    if len(line) <= LINE_LENGTH:
        return line
    return "\n".join((f"from {module} import (", *(f"    {name}," for name in names), ")"))


def _clause(name: str, alias: str | None) -> str:
    return name if alias is None else f"{name} as {alias}"


type _Natural = tuple[tuple[int, str], ...]


@lru_cache(maxsize=65536)
def _as_key(each: Import) -> tuple[bool, _Natural, str, int, _Natural, str, str]:
    """Order as import sorters do: modules first, then by module, kind of name, name, alias."""
    name, alias = each.name or "", each.alias or ""
    position = (bool(name), _natural(each.module), each.module)
    return (*position, _kind(name), _natural(name), name, alias)


def _kind(name: str) -> int:
    if len(name) > 1 and name.isupper():
        return 0
    return 1 if name[:1].isupper() else 2


def _natural(name: str) -> _Natural:
    """Return a key that orders numbers inside of names by value and ignores case."""
    parts = re.split(r"([0-9]+)", name.lower())
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in parts)
