"""The service's own error cases."""

from app.core.errors import RuleError


class ProjectArchivedError(RuleError):
    """The project is archived and accepts no changes."""

    slug = "project-archived"
    code = "PROJECT_ARCHIVED"
    title = "The project is archived and accepts no changes."


class ProjectNotArchivedError(RuleError):
    """The project is not archived."""

    slug = "project-not-archived"
    code = "PROJECT_NOT_ARCHIVED"
    title = "The project is not archived."


class ProjectNotEmptyError(RuleError):
    """The project still has open tasks."""

    slug = "project-not-empty"
    code = "PROJECT_NOT_EMPTY"
    title = "The project still has open tasks."


class AssigneeCannotSeeProjectError(RuleError):
    """The assignee cannot see the project of this task."""

    slug = "assignee-cannot-see-project"
    code = "ASSIGNEE_CANNOT_SEE_PROJECT"
    title = "The assignee cannot see the project of this task."


class ParentInOtherProjectError(RuleError):
    """A subtask belongs to the project of its parent."""

    slug = "parent-in-other-project"
    code = "PARENT_IN_OTHER_PROJECT"
    title = "A subtask belongs to the project of its parent."


class TaskNestingError(RuleError):
    """Tasks nest at most three deep, and never in a circle."""

    slug = "task-nesting"
    code = "TASK_NESTING"
    title = "Tasks nest at most three deep, and never in a circle."


class TaskUnassignedError(RuleError):
    """A task needs an assignee before it starts."""

    slug = "task-unassigned"
    code = "TASK_UNASSIGNED"
    title = "A task needs an assignee before it starts."


class OpenSubtasksError(RuleError):
    """The task still has open subtasks."""

    slug = "open-subtasks"
    code = "OPEN_SUBTASKS"
    title = "The task still has open subtasks."


class SelfReviewError(RuleError):
    """The assignee may not complete a task of this project."""

    slug = "self-review"
    code = "SELF_REVIEW"
    title = "The assignee may not complete a task of this project."


class EditWindowClosedError(RuleError):
    """A comment can be edited only for a while after it was written."""

    slug = "edit-window-closed"
    code = "EDIT_WINDOW_CLOSED"
    title = "A comment can be edited only for a while after it was written."
