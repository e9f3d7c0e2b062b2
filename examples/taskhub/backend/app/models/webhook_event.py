"""Events that webhooks may hear of (REQ-022)."""

from enum import StrEnum


class WebhookEvent(StrEnum):
    """An event of which a webhook may hear, by its name."""

    PROJECT_CREATED = "ProjectCreated"
    PROJECT_ARCHIVED = "ProjectArchived"
    TASK_CREATED = "TaskCreated"
    TASK_ASSIGNED = "TaskAssigned"
    TASK_STATUS_CHANGED = "TaskStatusChanged"
    TASK_COMPLETED = "TaskCompleted"
    TASK_OVERDUE = "TaskOverdue"
    COMMENT_ADDED = "CommentAdded"
