"""What expressions about a task may name."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from tests.expression.demo.tables import Permission, Priority, Role, Status
from tospec.expression import (
    BOOL,
    DATE,
    DURATION,
    INT,
    JSON,
    STRING,
    TIMESTAMP,
    Kind,
    Type,
    Typed,
    decimal,
    entity,
    enum,
    int_between,
    list_of,
    many,
    principal,
    record,
    uuid,
)

STATUS = enum("Status", tuple(Status))
PRIORITY = enum("Priority", tuple(Priority))
ROLE = enum("Role", tuple(Role))
TASK = entity("Task")

MEMBERS: Mapping[str, Mapping[str, Type]] = {
    "User": {
        "id": uuid("User"),
        "name": STRING,
        "role": ROLE,
        "active": BOOL,
        "score": int_between(-(2**31), 2**31 - 1).optional(),
        "manager": entity("User").optional(),
        "reports": many("User"),
    },
    "Project": {
        "id": uuid("Project"),
        "name": STRING,
        "archived": BOOL,
        "budget": decimal(10, 2).optional(),
        "starts_at": TIMESTAMP.optional(),
        "owner": entity("User"),
        "tasks": many("Task"),
    },
    "Label": {"id": uuid("Label"), "name": STRING, "tasks": many("Task")},
    "Task": {
        "id": uuid("Task"),
        "title": STRING,
        "note": STRING.optional(),
        "points": int_between(-100, 100),
        "estimate": int_between(0, 60_000).optional(),
        "big": int_between(-(2**40), 2**40),
        "huge": INT.optional(),
        "price": decimal(10, 2),
        "rate": decimal(10, 4).optional(),
        "done": BOOL,
        "flag": BOOL.optional(),
        "status": STATUS,
        "priority": PRIORITY.optional(),
        "created_at": TIMESTAMP,
        "due_at": TIMESTAMP.optional(),
        "day": DATE,
        "end_day": DATE.optional(),
        "spent": DURATION,
        "allowed": DURATION.optional(),
        "token": uuid().optional(),
        "extra": JSON.optional(),
        "tags": list_of(STRING),
        "project": entity("Project"),
        "parent": entity("Task").optional(),
        "assignee": entity("User").optional(),
        "author": entity("User"),
        "subtasks": many("Task"),
        "labels": many("Label"),
    },
    "Input": {
        "text": STRING,
        "maybe": int_between(-1000, 1000).optional(),
        "any": INT,
        "amount": decimal(10, 2),
        "since": TIMESTAMP.optional(),
        "length": DURATION.optional(),
        "on": BOOL,
        "status": STATUS.optional(),
        "user": entity("User").optional(),
        "users": list_of(uuid("User")),
    },
}

PRINCIPAL_MEMBERS: Mapping[str, Type] = {
    "id": uuid("User"),
    "role": ROLE,
    "name": STRING,
}


@dataclass
class DemoScope:
    row: Type | None = TASK
    row_variable: str = "task"
    variables: Mapping[str, Type] = field(
        default_factory=lambda: {"principal": principal("User"), "input": record("Input")}
    )
    permissions: Collection[str] = tuple(Permission)
    premise: Typed | None = None

    def members(self, owner: Type) -> Mapping[str, Type]:
        return PRINCIPAL_MEMBERS if owner.kind is Kind.PRINCIPAL else MEMBERS[owner.name]

    def actions(self, entity: str) -> Collection[str]:
        return ("read", "update") if entity in {"Task", "Project"} else ()

    def variable_of(self, entity: str) -> str:
        return entity.lower()
