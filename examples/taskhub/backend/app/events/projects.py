"""Events about projects."""

from dataclasses import dataclass
from typing import ClassVar, Self
from uuid import UUID

from app.events.base import Event
from app.models.project import Project


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectCreated(Event):
    """Project created."""

    NAME: ClassVar[str] = "ProjectCreated"
    id: UUID
    key: str
    name: str

    @classmethod
    def of(cls, project: Project) -> Self:
        """Return the event about `project`."""
        return cls(
            tenant_id=project.tenant_id,
            id=project.id,
            key=project.key,
            name=project.name,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectArchived(Event):
    """Project archived."""

    NAME: ClassVar[str] = "ProjectArchived"
    id: UUID
    key: str

    @classmethod
    def of(cls, project: Project) -> Self:
        """Return the event about `project`."""
        return cls(
            tenant_id=project.tenant_id,
            id=project.id,
            key=project.key,
        )
