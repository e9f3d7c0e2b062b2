"""`migrations/versions/*.py`: every table, and what guards its rows."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from tospec.ir.data import DataModel
from tospec.ir.entities import Entity
from tospec.ir.tables import CounterTable, ForeignKey, LinkTable, Table, WordTable
from tospec.profiles.cqrs.render import migration_parts as parts
from tospec.profiles.cqrs.render.environment import TEMPLATES
from tospec.python import Code, identifier, literal, module

_REVISION: Final = 12
_ACCOUNTS: Final = frozenset({"tenants", "users", "invitations"})
"""Tables that the accounts' migration makes before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Created:
    """A table as the template prints it.

    Attributes:
        variable: Its name in Python.
        items: What stands in its declaration.
        late: Keys to tables that come later, in its declaration where that is possible.
        added: Statements that add these keys once all tables are there.
        dropped: Statements that drop them first.
        has_identity: Whether its rows have ids of their own.
    """

    variable: Code
    name: Code
    items: tuple[Code, ...]
    late: tuple[Code, ...]
    added: tuple[Code, ...]
    dropped: tuple[Code, ...]
    indexes: tuple[Code, ...]
    has_identity: bool


def render_accounts_migration(data: DataModel, path: str) -> str:
    """Return the migration that makes what every backend has: tenants, people, trails."""
    made = ["accounts", "audit trail", "outbox"]
    made += ["answers to keys"] if data.keeps_answers else []
    made += ["jobs"] if data.works else []
    made += ["webhooks"] if data.delivers else []
    made += ["inbox"] if data.receives else []
    text = f"Create the tables of {', '.join(made[:-1])} and {made[-1]}."
    return module(text, _accounts(data, path)[0], artifact=path)


def render_migration(data: DataModel, path: str) -> str:
    """Return the migration that makes all tables of the spec at once."""
    tables = list(_tables(data))
    _, accounts = _accounts(data, path)
    body, _ = _revised(
        "migration.py.j2",
        path,
        down_revision=literal(accounts),
        tables=tables,
        has_late=any(table.late for table in tables),
        identified=[table.name for table in tables if table.has_identity],
        others=[table.name for table in tables if not table.has_identity],
        dropped=[table.name for table in reversed(tables)],
    )
    return module("Create the tables of the service.", body, artifact=path)


def _accounts(data: DataModel, path: str) -> tuple[Code, str]:
    role_check = literal(parts.one_of("role", data.roles))
    return _revised(
        "accounts_migration.py.j2",
        path,
        role_check=role_check,
        keeps_answers=data.keeps_answers,
        works=data.works,
        delivers=data.delivers,
        receives=data.receives,
        purged=data.purged,
    )


def _revised(template: str, path: str, **values: object) -> tuple[Code, str]:
    """Return a migration and its revision, which follows from what it does."""
    draft = TEMPLATES.render(template, artifact=path, revision=literal(""), **values)
    revision = sha256(draft.text.encode()).hexdigest()[:_REVISION]
    return TEMPLATES.render(template, artifact=path, revision=literal(revision), **values), revision


def _tables(data: DataModel) -> Iterator[_Created]:
    made = set(_ACCOUNTS)
    for entity in _ordered(data.entities):
        made.add(entity.table.name)
        yield _entity_table(entity.table, made)
    for entity in data.entities:
        yield from map(_link_table, entity.links)
        yield from map(_counter_table, entity.counters)
        yield from map(_word_table, (entity.words,) if entity.words else ())


def _ordered(entities: Iterable[Entity]) -> list[Entity]:
    """Return entities so that each comes after those that it refers to, as far as possible.

    Among those that could be next, the spec's order decides.
    """
    waiting = list(entities)
    ordered: list[Entity] = []
    while waiting:
        missing = {entity.table.name for entity in waiting}
        free = (each for each in waiting if not _targets(each) & missing)
        chosen = next(free, waiting[0])
        waiting.remove(chosen)
        ordered.append(chosen)
    return ordered


def _targets(entity: Entity) -> set[str]:
    return {key.table for key in entity.table.references} - {entity.table.name}


def _entity_table(table: Table, made: set[str]) -> _Created:
    early = [key for key in table.references if key.table in made]
    items = (
        *map(parts.column, table.columns),
        *(parts.enum_check(table.name, each) for each in table.columns if each.enum),
        *(parts.check(table.name, each) for each in table.checks),
        parts.tenant_key(table.name),
        *map(parts.foreign_key, early),
        parts.primary_key(table.name, ("id",)),
        parts.unique_key(f"uq_{table.name}_tenant_id_id", ("id",)),
        *(parts.unique_key(u.name, u.columns) for u in table.uniques if not u.is_index),
    )
    indexes = (
        *(parts.unique_index(table.name, u) for u in table.uniques if u.is_index),
        *(parts.index(table.name, each) for each in table.indexes),
    )
    late = [key for key in table.references if key.table not in made]
    return _created(table.name, items, indexes, late, has_identity=True)


def _link_table(link: LinkTable) -> _Created:
    columns = (link.own.column, link.other.column)
    items = (
        *map(parts.id_column, ("tenant_id", *columns)),
        parts.tenant_key(link.name),
        parts.foreign_key(link.own),
        parts.foreign_key(link.other),
        parts.primary_key(link.name, ("tenant_id", *columns)),
    )
    return _created(link.name, items, (parts.index(link.name, link.index),))


def _counter_table(counter: CounterTable) -> _Created:
    keys = (counter.within,) if counter.within else ()
    columns = ("tenant_id", *(key.column for key in keys))
    items = (
        *map(parts.id_column, columns),
        parts.number_column("last_number"),
        parts.tenant_key(counter.name),
        *map(parts.foreign_key, keys),
        parts.primary_key(counter.name, columns),
    )
    return _created(counter.name, items, ())


def _word_table(words: WordTable) -> _Created:
    columns = ("tenant_id", words.own.column)
    items = (
        *map(parts.id_column, columns),
        parts.word_column(),
        parts.foreign_key(words.own),
        parts.primary_key(words.name, (*columns, "word")),
        parts.CLUSTERED,
    )
    return _created(words.name, items, (parts.index(words.name, words.index),))


def _created(
    name: str,
    items: tuple[Code, ...],
    indexes: tuple[Code, ...],
    late: Iterable[ForeignKey] = (),
    *,
    has_identity: bool = False,
) -> _Created:
    return _Created(
        variable=identifier(name),
        name=literal(name),
        items=items,
        late=tuple(map(parts.foreign_key, late)),
        added=tuple(parts.added_key(name, key) for key in late),
        dropped=tuple(parts.dropped_key(name, key) for key in late),
        indexes=indexes,
        has_identity=has_identity,
    )
