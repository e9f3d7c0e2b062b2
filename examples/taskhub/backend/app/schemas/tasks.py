"""Wire format of tasks."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.models.task import TaskPriority, TaskStatus
from app.schemas.base import Changes, Input, View, absent
from app.schemas.bulk import CHANGE, BulkInput, Once, Told, VersionedItem
from app.schemas.fields import Distinct, Id, Instant, QueryBool, SearchText
from app.schemas.page import ListParameters


class TaskCreate(Input):
    """What a client sends to create a task."""

    title: Annotated[str, Field(min_length=1, max_length=255)]
    description: Annotated[str, Field(max_length=20000)] = ""
    priority: TaskPriority = TaskPriority.MEDIUM
    due_at: Instant | None = None
    estimate: Annotated[int | None, Field(ge=0, le=60000, description="In minutes.")] = None
    project_id: Id
    assignee_id: Id | None = None
    parent_id: Id | None = None
    label_ids: Annotated[tuple[Id, ...], Field(max_length=20), Distinct()] = ()


class TaskUpdate(Changes):
    """What a client may change of a task; what is left out stays as it is."""

    title: Annotated[str, Field(min_length=1, max_length=255)] = absent()
    description: Annotated[str, Field(max_length=20000)] = absent()
    priority: TaskPriority = absent()
    due_at: Instant | None = absent()
    estimate: Annotated[int | None, Field(ge=0, le=60000, description="In minutes.")] = absent()
    assignee_id: Id | None = absent()
    parent_id: Id | None = absent()
    label_ids: Annotated[tuple[Id, ...], Field(max_length=20), Distinct()] = absent()


class TaskCancel(Input):
    """What a client sends to cancel a task."""

    reason: Annotated[str, Field(min_length=3, max_length=500)]


class ChangeTasksStart(VersionedItem):
    """One task to start."""

    do: Literal["start"]


class ChangeTasksSubmit(VersionedItem):
    """One task to submit."""

    do: Literal["submit"]


class ChangeTasksComplete(VersionedItem):
    """One task to complete."""

    do: Literal["complete"]


class ChangeTasksCancel(TaskCancel, VersionedItem):
    """One task to cancel."""

    do: Literal["cancel"]


class ChangeTasksReopen(VersionedItem):
    """One task to reopen."""

    do: Literal["reopen"]


class ChangeTasksUpdate(VersionedItem):
    """One task to update; what is left out stays as it is."""

    do: Literal["update"]
    assignee_id: Id | None = absent()


class ChangeTasksInput(BulkInput):
    """What a client sends for `ChangeTasks`."""

    items: Annotated[
        list[
            Annotated[
                ChangeTasksStart
                | ChangeTasksSubmit
                | ChangeTasksComplete
                | ChangeTasksCancel
                | ChangeTasksReopen
                | ChangeTasksUpdate,
                Field(discriminator=CHANGE),
                Told,
            ]
        ],
        Field(min_length=1, max_length=100),
        Once,
    ]


class TaskListParameters(ListParameters):
    """How the tasks are filtered, searched and sorted."""

    project_id: Id | None = None
    status: tuple[TaskStatus, ...] = ()
    assignee_id: Id | None = None
    label_id: Id | None = None
    priority: tuple[TaskPriority, ...] = ()
    due_at_from: Instant | None = None
    due_at_before: Instant | None = None
    is_overdue: QueryBool | None = None
    parent_id: Id | None = None
    is_archived: QueryBool | None = None
    q: SearchText | None = None
    sort: Literal[
        "created_at",
        "-created_at",
        "updated_at",
        "-updated_at",
        "due_at",
        "-due_at",
        "priority",
        "-priority",
    ] = "-created_at"


class MyTasksParameters(ListParameters):
    """How the tasks of `MyTasks` are sorted."""

    sort: Literal[
        "created_at",
        "-created_at",
        "updated_at",
        "-updated_at",
        "due_at",
        "-due_at",
        "priority",
        "-priority",
    ] = "due_at"


class TaskSummary(View):
    """A task as lists show it."""

    id: UUID
    reference: str
    title: str
    status: TaskStatus
    priority: TaskPriority
    due_at: Instant | None
    is_overdue: bool
    project_id: UUID
    assignee_id: UUID | None
    label_ids: tuple[UUID, ...]
    created_at: Instant
    updated_at: Instant
    version: int


class TaskDetail(View):
    """A task with everything there is to see."""

    id: UUID
    reference: str
    number: int
    title: str
    description: str
    status: TaskStatus
    priority: TaskPriority
    due_at: Instant | None
    is_overdue: bool
    estimate: int | None
    project_id: UUID
    assignee_id: UUID | None
    parent_id: UUID | None
    label_ids: tuple[UUID, ...]
    open_subtasks: int
    completed_at: Instant | None
    cancel_reason: str | None
    mail_bounced_at: Instant | None
    archived_at: Instant | None
    is_archived: bool
    created_by_id: UUID
    created_at: Instant
    updated_at: Instant
    version: int
