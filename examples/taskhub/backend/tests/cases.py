"""Calls of operations, and what tests know about each operation."""

import re
from collections.abc import Awaitable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, Protocol
from uuid import UUID, uuid4

import pytest
from pydantic_core import to_json, to_jsonable_python

from app.authorization.permissions import Role

if TYPE_CHECKING:
    from tests.world import Person

_PARAMETER: Final = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request, before somebody sends it.

    Attributes:
        path: Template of the path, such as `/v1/users/{user_id}`.
        ids: What stands in the template's places.
        body: JSON members; None for a request without a body.
        if_match: Entity tag; None for a request without the header.
    """

    method: str
    path: str
    ids: Mapping[str, UUID] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    if_match: str | None = None

    @property
    def url(self) -> str:
        """Return the path with its places filled in."""
        return _PARAMETER.sub(lambda place: str(self.ids[place[1]]), self.path)

    @property
    def payload(self) -> tuple[bytes, str]:
        """Return what is sent, and its media type."""
        return to_json(self.body), "application/json"

    def about(self, **ids: UUID) -> "Call":
        """Return the same call about other objects."""
        return replace(self, ids={**self.ids, **ids})

    def about_nothing(self) -> "Call":
        """Return the same call about objects that do not exist."""
        return replace(self, ids={name: uuid4() for name in self.ids})

    def sending(self, **members: Any) -> "Call":
        """Return the same call with further or other members in its body."""
        return replace(self, body={**(self.body or {}), **members})

    def without(self, member: str) -> "Call":
        """Return the same call without a member in its body."""
        return replace(self, body={k: v for k, v in (self.body or {}).items() if k != member})

    def with_body(self, body: Mapping[str, Any]) -> "Call":
        """Return the same call with another body."""
        return replace(self, body=body)

    def given(self, if_match: str | None) -> "Call":
        """Return the same call under another condition."""
        return replace(self, if_match=if_match)


class Arrange(Protocol):
    """Makes what a call needs, owned by a person, and returns the call.

    The call succeeds when that person sends it, if their role may.
    """

    def __call__(self, by: "Person", /, **values: Any) -> Awaitable[Call]:
        """Return the call; `values` are given to the row that it is about."""
        ...


class Stored(Protocol):
    """A row with an id."""

    @property
    def id(self) -> UUID:
        """Return its id."""
        ...


class Make(Protocol):
    """Makes an object that a person owns."""

    def __call__(self, by: "Person", /) -> Awaitable[Stored]:
        """Return the object."""
        ...


class MakeRow(Protocol):
    """Makes a row that the answer to a call of a list holds."""

    def __call__(self, by: "Person", call: Call, /, **values: Any) -> Awaitable[Stored]:
        """Return the row."""
        ...


class Hide(Protocol):
    """Makes what hides a row."""

    def __call__(self, by: "Person", /) -> Awaitable[dict[str, Any]]:
        """Return the values of the row."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A member of a body that names an object.

    Attributes:
        member: Name of the member.
        make: Makes an object of the right kind.
        many: Whether the member is a list.
        make_hidden: Makes an object that the roles in `blind` do not see.
    """

    member: str
    make: Make
    many: bool = False
    make_hidden: Make | None = None
    blind: tuple[Role, ...] = ()

    def to(self, object_id: UUID) -> dict[str, Any]:
        """Return the member as it names an object."""
        return {self.member: [str(object_id)] if self.many else str(object_id)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """What the requirements say about one operation.

    Attributes:
        name: Its name.
        path: Template of its path.
        arrange: Prepares a call of it.
        success: Status of its answer.
        roles: Who may call it; the other roles are refused.
        served: Those of `roles` for whom the arranged call succeeds; None for all of them.
        requirements: Ids of the requirements that ask for it.
        has_body: Whether a call has a body.
        conditional: Whether it heeds `If-Match`.
        demands_condition: Whether it insists on `If-Match`.
        audit: Action of the audit entry that it leaves; None for none.
        events: Types of the events that it announces, sorted; None if that cannot be told.
        row: For lists: makes a row that it lists.
        most_rows: How many rows tests make of what has few values that no two rows share.
        hide: Makes values of a row that the roles in `blind` do not see.
        blind: Roles that may call it, and do not see such a row.
        references: Members of its body that name objects.
    """

    name: str
    method: str
    path: str
    arrange: Arrange
    success: int
    roles: tuple[Role, ...]
    requirements: tuple[str, ...]
    served: tuple[Role, ...] | None = None
    has_body: bool = False
    conditional: bool = False
    demands_condition: bool = False
    audit: str | None = None
    events: tuple[str, ...] | None = ()
    row: MakeRow | None = None
    most_rows: int = 5
    hide: Hide | None = None
    blind: tuple[Role, ...] = ()
    references: tuple[Reference, ...] = ()

    @property
    def callers(self) -> tuple[Role, ...]:
        """Return the roles for whom the arranged call succeeds."""
        return self.roles if self.served is None else self.served

    @property
    def caller(self) -> Role:
        """Return the first role for whom the arranged call succeeds."""
        return self.callers[0]

    @property
    def about_objects(self) -> bool:
        """Return whether the path names objects."""
        return "{" in self.path

    @property
    def changes(self) -> bool:
        """Return whether it changes anything."""
        return self.method != "GET"

    @property
    def deletes(self) -> bool:
        """Return whether it deletes what its path names."""
        return self.method == "DELETE"

    def call(self, *, body: Any = None, if_match: str | None = None, **ids: UUID) -> Call:
        """Return a call of it."""
        return Call(method=self.method, path=self.path, ids=ids, body=body, if_match=if_match)


def each(operations: Iterable[Operation]) -> pytest.MarkDecorator:
    """Return the mark that runs a test for each of `operations`."""
    return pytest.mark.parametrize("operation", [marked(each) for each in operations])


def named(value: object) -> str | None:
    """Return what names a parameter in the name of a test; None for its own form."""
    if isinstance(value, Operation):
        return value.name
    return "+".join(map(str, value)) or "nothing" if isinstance(value, tuple) else None


def each_value(values: Iterable[tuple[str, Any]]) -> pytest.MarkDecorator:
    """Return the mark that runs a test for each member and value, with short names."""
    parameters = [
        pytest.param(member, value, id=f"{member}-{type(value).__name__}{number}")
        for number, (member, value) in enumerate(values)
    ]
    return pytest.mark.parametrize(("member", "value"), parameters)


def each_with_role(cells: Iterable[tuple[Operation, Role]]) -> pytest.MarkDecorator:
    """Return the mark that runs a test for each of the pairs `cells`."""
    return pytest.mark.parametrize(
        ("operation", "role"),
        [marked(operation, role, name=f"{operation.name}-{role}") for operation, role in cells],
    )


def marked(operation: Operation, *others: object, name: str = "") -> Any:
    """Return `operation` and `others` as parameters, named and marked as the operation is."""
    marks = (
        pytest.mark.requirement(*operation.requirements),
        pytest.mark.operation(operation.name),
    )
    return pytest.param(operation, *others, id=name or operation.name, marks=marks)


def wire(value: Any) -> Any:
    """Return `value` as it stands in JSON."""
    return to_jsonable_python(value)
