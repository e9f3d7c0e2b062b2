"""The demo rows of the expression tests, as the oracle knows rows."""

from dataclasses import dataclass, fields
from typing import Any, cast
from uuid import UUID

from tests.expression.demo import rows
from tests.expression.demo.rows import NOW, Actor, Inputs
from tospec.model import System
from tospec.verify.oracle.interpreter import Around
from tospec.verify.oracle.world import Key, Row, Somebody, World

_RELATIONS = {
    "User": (("manager", "User", "reports", False),),
    "Project": (("owner", "User", "", False),),
    "Label": (),
    "Task": (
        ("project", "Project", "tasks", False),
        ("parent", "Task", "subtasks", False),
        ("assignee", "User", "", False),
        ("author", "User", "", False),
        ("labels", "Label", "tasks", True),
    ),
}


_INVERSES = {name for every in _RELATIONS.values() for _, _, name, _ in every}


@dataclass(frozen=True)
class _Relation:
    name: str
    to: str
    inverse: str
    many: bool


@dataclass(frozen=True)
class _Entity:
    """As much of an entity as the interpreter asks for."""

    name: str
    computed: tuple[()] = ()
    policy: None = None

    @property
    def relations(self) -> tuple[_Relation, ...]:
        return tuple(_Relation(*each) for each in _RELATIONS[self.name])

    def field(self, name: str) -> str | None:
        return None if name in _INVERSES else name

    def relation(self, name: str) -> _Relation | None:
        return next((each for each in self.relations if each.name == name), None)


@dataclass(frozen=True)
class _Permission:
    roles: tuple[str, ...]


@dataclass(frozen=True)
class _System:
    held: frozenset[str]
    role: str

    def entity(self, name: str) -> _Entity:
        return _Entity(name)

    def permission(self, name: str) -> _Permission:
        return _Permission((self.role,) if name in self.held else ())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asking(Somebody):
    user_id: str = ""

    @property
    def key(self) -> Key:
        return self.user_id


def known_rows(world: rows.World) -> dict[Key, Row]:
    """Return the rows of the demo as the oracle knows them."""
    every: list[Any] = [*world.users, *world.projects, *world.labels, *world.tasks]
    return {str(each.id): _row(each) for each in every}


def around_of(task: rows.Task, known: dict[Key, Row], actor: Actor, inputs: Inputs) -> Around:
    """Return where an expression about a task is evaluated."""
    system = _System(frozenset(map(str, actor.permissions)), str(actor.role))
    return Around(
        world=World(system=cast("System", system), rows=known, now=NOW),
        row=known[str(task.id)],
        principal=_Asking(role=str(actor.role), user_id=str(actor.user_id)),
        inputs=_inputs(inputs, known),
    )


def _row(each: Any) -> Row:
    entity = type(each).__name__
    relations = {name: many for name, _, _, many in _RELATIONS[entity]}
    names = [field.name for field in fields(each) if field.name not in {*_INVERSES, "id"}]
    return Row(
        key=str(each.id),
        entity=entity,
        values={n: _plain(getattr(each, n)) for n in names if n not in relations},
        refs={n: _key(getattr(each, n)) for n, many in relations.items() if not many},
        links={
            n: tuple(str(other.id) for other in getattr(each, n))
            for n, many in relations.items()
            if many
        },
    )


def _key(other: Any) -> Key | None:
    return None if other is None else str(other.id)


def _plain(value: Any) -> object:
    return str(value) if isinstance(value, UUID) else value


def _inputs(inputs: Inputs, known: dict[Key, Row]) -> dict[str, object]:
    plain = {field.name: _plain(getattr(inputs, field.name)) for field in fields(inputs)}
    users = tuple(map(str, inputs.users))
    return {**plain, "users": users, "user": known.get(str(inputs.user_id))}
