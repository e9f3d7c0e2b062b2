"""Rows as objects, as Python rules see them, and as values to insert."""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from tests.expression.demo.tables import Permission, Priority, Role, Status

NOW = datetime(2026, 3, 1, 12, 0, 0, 500_000, tzinfo=UTC)
TENANT = UUID(int=1)
TEXTS = ("", "a", "ab", "abc", "a%", "a_c", "b\\", "it's", 'say "é"', "ba", "A", "Ab")
INSTANTS = tuple(
    NOW + timedelta(days=days, microseconds=extra)
    for days in (-400, -1, 0, 1, 2)
    for extra in (-1, 0, 1)
)
LENGTHS = tuple(map(timedelta, (0, 0, 1, 2, -1), (0, 1, 0, 3600, 0)))
DAYS = (date(2026, 2, 28), date(2026, 3, 1), date(2024, 2, 29))
PRICES = tuple(map(Decimal, ("0.00", "0.10", "-1.50", "3.00", "10.25", "9.99")))
RATES = tuple(map(Decimal, ("0.1000", "3.0000", "0.3333", "-1.5000")))


@dataclass(eq=False)
class User:
    id: UUID
    name: str
    role: Role
    active: bool
    score: int | None
    manager: "User | None" = None
    reports: list["User"] = field(default_factory=list)

    @property
    def manager_id(self) -> UUID | None:
        return None if self.manager is None else self.manager.id


@dataclass(eq=False)
class Project:
    id: UUID
    name: str
    archived: bool
    budget: Decimal | None
    starts_at: datetime | None
    owner: User
    tasks: list["Task"] = field(default_factory=list)

    @property
    def owner_id(self) -> UUID:
        return self.owner.id


@dataclass(eq=False)
class Label:
    id: UUID
    name: str
    tasks: list["Task"] = field(default_factory=list)


@dataclass(eq=False)
class Task:
    id: UUID
    title: str
    note: str | None
    points: int
    estimate: int | None
    big: int
    huge: int | None
    price: Decimal
    rate: Decimal | None
    done: bool
    flag: bool | None
    status: Status
    priority: Priority | None
    created_at: datetime
    due_at: datetime | None
    day: date
    end_day: date | None
    spent: timedelta
    allowed: timedelta | None
    token: UUID | None
    project: Project
    parent: "Task | None"
    assignee: User | None
    author: User
    labels: list[Label]
    subtasks: list["Task"] = field(default_factory=list)

    @property
    def project_id(self) -> UUID:
        return self.project.id

    @property
    def parent_id(self) -> UUID | None:
        return None if self.parent is None else self.parent.id

    @property
    def assignee_id(self) -> UUID | None:
        return None if self.assignee is None else self.assignee.id

    @property
    def author_id(self) -> UUID:
        return self.author.id


@dataclass
class Actor:
    user_id: UUID
    role: Role
    name: str
    permissions: frozenset[Permission]

    def has(self, permission: Permission) -> bool:
        return permission in self.permissions


@dataclass
class Inputs:
    text: str
    maybe: int | None
    any: int
    amount: Decimal
    since: datetime | None
    length: timedelta | None
    on: bool
    status: Status | None
    user_id: UUID | None
    users: list[UUID]


@dataclass
class World:
    users: list[User]
    projects: list[Project]
    labels: list[Label]
    tasks: list[Task]


class Dice:
    """Chooses values, null among them, always the same."""

    def __init__(self) -> None:
        self._random = random.Random(20260301)  # noqa: S311 - test data, no secret
        self._ids = 1

    def id(self) -> UUID:
        self._ids += 1
        return UUID(int=self._ids)

    def of[T](self, values: Iterable[T]) -> T:
        return self._random.choice(list(values))

    def maybe[T](self, values: Iterable[T]) -> T | None:
        return None if self._random.random() < 0.35 else self.of(values)

    def flip(self) -> bool:
        return self._random.random() < 0.5


def make_world() -> World:
    dice = Dice()
    users = _users(dice)
    projects = [
        Project(
            dice.id(),
            dice.of(TEXTS),
            dice.flip(),
            dice.maybe(PRICES),
            dice.maybe(INSTANTS),
            dice.of(users),
        )
        for _ in range(4)
    ]
    labels = [Label(dice.id(), text) for text in TEXTS[:4]]
    tasks: list[Task] = []
    for _ in range(60):
        tasks.append(_task(dice, users, projects, labels, tasks))
    return World(users, projects, labels, tasks)


def _users(dice: Dice) -> list[User]:
    users: list[User] = []
    for _ in range(5):
        score = dice.maybe((0, 5, -(2**31), 2**31 - 1))
        user = User(dice.id(), dice.of(TEXTS), dice.of(Role), dice.flip(), score)
        user.manager = dice.maybe(users) if users else None
        if user.manager:
            user.manager.reports.append(user)
        users.append(user)
    return users


def _task(
    dice: Dice,
    users: list[User],
    projects: list[Project],
    labels: list[Label],
    tasks: list[Task],
) -> Task:
    task = Task(
        id=dice.id(),
        title=dice.of(TEXTS),
        note=dice.maybe(TEXTS),
        points=dice.of((-100, -7, -1, 0, 1, 3, 50, 100)),
        estimate=dice.maybe((0, 1, 59, 60, 61, 60_000)),
        big=dice.of((-(2**40), -5, 0, 7, 2**31, 2**40)),
        huge=dice.maybe((-(2**63), -1, 0, 2**40, 2**63 - 1)),
        price=dice.of(PRICES),
        rate=dice.maybe(RATES),
        done=dice.flip(),
        flag=dice.maybe((True, False)),
        status=dice.of(Status),
        priority=dice.maybe(Priority),
        created_at=dice.of(INSTANTS),
        due_at=dice.maybe(INSTANTS),
        day=dice.of(DAYS),
        end_day=dice.maybe(DAYS),
        spent=dice.of(LENGTHS),
        allowed=dice.maybe(LENGTHS),
        token=dice.maybe((UUID(int=7), UUID(int=8))),
        project=dice.of(projects),
        parent=dice.maybe(tasks[-6:]) if tasks else None,
        assignee=dice.maybe(users),
        author=dice.of(users),
        labels=[label for label in labels if dice.flip()],
    )
    task.project.tasks.append(task)
    if task.parent:
        task.parent.subtasks.append(task)
    for label in task.labels:
        label.tasks.append(task)
    return task


def values_of(row: Any, columns: list[str]) -> dict[str, Any]:
    return {name: TENANT if name == "tenant_id" else getattr(row, name) for name in columns}
