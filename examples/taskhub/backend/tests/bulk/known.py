"""The operations that make several changes."""

from typing import Any, Final

from app.authorization.permissions import Role
from tests.bulk.kinds import Bulk, Change
from tests.calls.tasks import (
    CANCEL_TASK,
    COMPLETE_TASK,
    REOPEN_TASK,
    START_TASK,
    SUBMIT_TASK,
    UPDATE_TASK,
)
from tests.factories.tasks import find_task
from tests.world import Person


def set_by_change_tasks(by: Person) -> dict[str, Any]:
    return {"assignee_id": str(by.id)}


CHANGE_TASKS: Final = Bulk(
    name="ChangeTasks",
    path="/v1/tasks/bulk",
    roles=(Role.OWNER, Role.ADMIN, Role.MEMBER),
    requirements=("REQ-016",),
    most=100,
    versioned=True,
    find=find_task,
    changes=(
        Change(do="start", operation=START_TASK, refused=(Role.MEMBER,)),
        Change(do="submit", operation=SUBMIT_TASK, refused=(Role.OWNER, Role.ADMIN, Role.MEMBER)),
        Change(do="complete", operation=COMPLETE_TASK, refused=(Role.MEMBER,)),
        Change(do="cancel", operation=CANCEL_TASK, refused=(Role.MEMBER,)),
        Change(do="reopen", operation=REOPEN_TASK, refused=(Role.MEMBER,)),
        Change(
            do="update", operation=UPDATE_TASK, members=set_by_change_tasks, refused=(Role.MEMBER,)
        ),
    ),
)

BULKS: Final = (CHANGE_TASKS,)
