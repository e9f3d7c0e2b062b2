"""What exists, as the oracle knows it: people and rows, before and after each step.

Worlds are values; a step gives a new one. Keys stand for ids until a target has given some.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from tospec.model import Entity, System

type Key = str
"""What tells a row or a person from others."""

NOW: Final = datetime(2050, 1, 1, tzinfo=UTC)
"""When things happen while nothing real does; real clocks show earlier or later by decades."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Somebody:
    """A person of a tenant; those of one role differ by number."""

    role: str
    number: int = 0
    tenant: int = 0

    @property
    def key(self) -> Key:
        """What stands for the person's id."""
        return f"{self.role}-{self.number}@{self.tenant}"


class Undetermined(Exception):  # noqa: N818 - a state of knowledge, not an error of ours
    """The value depends on something that the oracle does not know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row as far as it is known.

    Attributes:
        values: Fields by name; one that is missing is unknown.
        refs: Relations to one by name: keys of rows or people, or None.
        links: Relations to many by name: keys.
    """

    key: Key
    entity: str
    tenant: int = 0
    values: Mapping[str, object] = field(default_factory=dict)
    refs: Mapping[str, Key | None] = field(default_factory=dict)
    links: Mapping[str, tuple[Key, ...]] = field(default_factory=dict)

    def changed(
        self,
        *,
        values: Mapping[str, object] | None = None,
        refs: Mapping[str, Key | None] | None = None,
        links: Mapping[str, tuple[Key, ...]] | None = None,
    ) -> "Row":
        """Return the row with other members."""
        return Row(
            key=self.key,
            entity=self.entity,
            tenant=self.tenant,
            values={**self.values, **values} if values else self.values,
            refs={**self.refs, **refs} if refs else self.refs,
            links={**self.links, **links} if links else self.links,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """A row that was deleted and is kept.

    Attributes:
        linked: Rows whose relations to many led to it: their keys and the relations.
    """

    row: Row
    linked: tuple[tuple[Key, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """People and rows.

    Attributes:
        settings: What expressions read of the settings, by name in lower case.
        lost: Deleted rows that may come back.
    """

    system: System
    rows: Mapping[Key, Row] = field(default_factory=dict)
    people: Mapping[Key, Somebody] = field(default_factory=dict)
    settings: Mapping[str, object] = field(default_factory=dict)
    now: datetime = NOW
    lost: Mapping[Key, Lost] = field(default_factory=dict)

    def find(self, key: Key | None) -> Row | Somebody | None:
        """Return what a key stands for; None for no key.

        Raises:
            Undetermined: If nothing known has the key.
        """
        if key is None:
            return None
        found = self.rows.get(key) or self.people.get(key)
        if found is None:
            raise Undetermined(key)
        return found

    def entity_of(self, row: Row) -> Entity:
        """Return the entity of a row."""
        return self.system.entity(row.entity)

    def with_row(self, row: Row) -> "World":
        """Return the world with a row that is new or other than before."""
        return self._changed(rows={**self.rows, row.key: row})

    def without(self, *keys: Key) -> "World":
        """Return the world without some rows."""
        kept = {key: row for key, row in self.rows.items() if key not in keys}
        return self._changed(rows=kept)

    def with_person(self, person: Somebody) -> "World":
        """Return the world in which a person is known."""
        key = person.key
        if key in self.people:
            return self
        return self._changed(people={**self.people, key: person})

    def _changed(
        self,
        *,
        rows: Mapping[Key, Row] | None = None,
        people: Mapping[Key, Somebody] | None = None,
    ) -> "World":
        return World(
            system=self.system,
            rows=self.rows if rows is None else rows,
            people=self.people if people is None else people,
            settings=self.settings,
            now=self.now,
            lost=self.lost,
        )

    def referring(self, key: Key, entity: str, inverse: str) -> tuple[Row, ...]:
        """Return the rows whose relation with that inverse leads to a row of `entity`."""
        return tuple(self._referring(key, entity, inverse))

    def _referring(self, key: Key, entity: str, inverse: str) -> Iterator[Row]:
        for row in self.rows.values():
            for relation in self.entity_of(row).relations:
                if relation.inverse != inverse or relation.to != entity:
                    continue
                if row.refs.get(relation.name) == key or key in row.links.get(relation.name, ()):
                    yield row
