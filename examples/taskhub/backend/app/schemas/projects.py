"""Wire format of projects."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.models.project import ProjectVisibility
from app.schemas.base import Changes, Input, View, absent
from app.schemas.fields import Duration, Instant, QueryBool, SearchText
from app.schemas.page import ListParameters


class ProjectCreate(Input):
    """What a client sends to create a project."""

    name: Annotated[str, Field(min_length=1, max_length=120)]
    key: Annotated[
        str,
        Field(
            max_length=255,
            pattern="^(?:[A-Z]{2,6})$",
            description="Prefix of the numbers of its tasks.",
        ),
    ]
    description: Annotated[str, Field(max_length=10000)] = ""
    visibility: ProjectVisibility = ProjectVisibility.TENANT
    reviewed_by_others: Annotated[
        bool,
        Field(description="Whether a task must be completed by somebody else than its assignee."),
    ] = False


class ProjectUpdate(Changes):
    """What a client may change of a project; what is left out stays as it is."""

    name: Annotated[str, Field(min_length=1, max_length=120)] = absent()
    description: Annotated[str, Field(max_length=10000)] = absent()
    visibility: ProjectVisibility = absent()
    reviewed_by_others: Annotated[
        bool,
        Field(description="Whether a task must be completed by somebody else than its assignee."),
    ] = absent()


class ProjectListParameters(ListParameters):
    """How the projects are filtered, searched and sorted."""

    visibility: tuple[ProjectVisibility, ...] = ()
    archived: QueryBool | None = None
    q: SearchText | None = None
    sort: Literal["name", "-name", "created_at", "-created_at", "updated_at", "-updated_at"] = (
        "name"
    )


class ProjectSummary(View):
    """A project as lists show it."""

    id: UUID
    key: str
    name: str
    visibility: ProjectVisibility
    archived: bool
    created_at: Instant
    updated_at: Instant
    version: int


class ProjectDetail(View):
    """A project with everything there is to see."""

    id: UUID
    key: str
    name: str
    description: str
    visibility: ProjectVisibility
    reviewed_by_others: bool
    archived: bool
    open_tasks: int
    member_ids: tuple[UUID, ...]
    created_by_id: UUID
    created_at: Instant
    updated_at: Instant
    version: int


class ProjectStatisticsView(View):
    """Project statistics."""

    open: int
    overdue: int
    done_7_days: int
    done_30_days: int
    median_cycle_time: Duration | None
