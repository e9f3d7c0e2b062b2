"""Members of the payload of each event."""

from collections.abc import Mapping
from typing import Final

MEMBERS: Final[Mapping[str, frozenset[str]]] = {
    "ProjectCreated": frozenset({"id", "key", "name"}),
    "ProjectArchived": frozenset({"id", "key"}),
    "TaskCreated": frozenset({"id", "project_id", "reference", "title"}),
    "TaskAssigned": frozenset({"assignee_id", "before_assignee_id", "id", "reference"}),
    "TaskStatusChanged": frozenset({"before_status", "id", "reference", "status"}),
    "TaskCompleted": frozenset({"completed_at", "id", "reference"}),
    "TaskOverdue": frozenset({"assignee_id", "due_at", "id", "reference"}),
    "CommentAdded": frozenset({"author_id", "id", "task_id"}),
    "UserMentioned": frozenset({"author_id", "id", "task_id", "user_id"}),
    "MailBounced": frozenset({"about_id", "reason"}),
}
