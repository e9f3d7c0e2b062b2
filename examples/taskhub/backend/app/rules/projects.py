"""Business rules of projects.

A rule that no client's values are in is made once: making it costs more than asking it.
"""

from functools import cache

from app.computed import projects as project_values
from app.db.rules import Rule
from app.errors import ProjectArchivedError, ProjectNotArchivedError, ProjectNotEmptyError
from app.models.project import projects


def on_update() -> tuple[Rule, ...]:
    """Return what must hold for a project after it was changed."""
    return (_project_archived(),)


def on_delete() -> tuple[Rule, ...]:
    """Return what must hold for a project before it is deleted."""
    return (_project_not_empty(),)


def on_link() -> tuple[Rule, ...]:
    """Return what must hold for a project before its links change."""
    return (_project_archived(),)


def on_archive_project() -> tuple[Rule, ...]:
    """Return what must hold for a project before `ArchiveProject`."""
    return (_project_archived(),)


def on_unarchive_project() -> tuple[Rule, ...]:
    """Return what must hold for a project before `UnarchiveProject`."""
    return (_project_not_archived(),)


@cache
def _project_archived() -> Rule:
    """`!archived`."""
    return Rule(~projects.c.archived, ProjectArchivedError)


@cache
def _project_not_empty() -> Rule:
    """`open_tasks == 0`."""
    return Rule(project_values.open_tasks() == 0, ProjectNotEmptyError)


@cache
def _project_not_archived() -> Rule:
    """`project.archived`."""
    return Rule(projects.c.archived, ProjectNotArchivedError)
