"""Move or assign many tasks at once (REQ-016)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from app.authorization.actor import Actor
from app.authorization.dispatch import Message
from app.authorization.permissions import Permission
from app.authorization.policies import tasks as task_policy
from app.commands.bulk import Bulk, Part
from app.commands.tasks.cancel_task import CancelTask, CancelTaskHandler
from app.commands.tasks.complete_task import CompleteTask, CompleteTaskHandler
from app.commands.tasks.reopen_task import ReopenTask, ReopenTaskHandler
from app.commands.tasks.start_task import StartTask, StartTaskHandler
from app.commands.tasks.submit_task import SubmitTask, SubmitTaskHandler
from app.commands.tasks.update_task import UpdateTask, UpdateTaskHandler
from app.core.bulk import Outcome
from app.core.inputs import Payload
from app.core.settings import Settings
from app.db.engine import Database
from app.models.task import Task
from app.repositories.tasks import TaskRepository
from app.schemas.bulk import changes_of, condition_of
from app.schemas.tasks import (
    ChangeTasksCancel,
    ChangeTasksComplete,
    ChangeTasksInput,
    ChangeTasksReopen,
    ChangeTasksStart,
    ChangeTasksSubmit,
    ChangeTasksUpdate,
    TaskUpdate,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeTasks(Message[Sequence[Outcome[Task]]]):
    """Move or assign many tasks at once."""

    permission: ClassVar = Permission.TASK_UPDATE
    body: Payload[ChangeTasksInput]


class ChangeTasksHandler:
    """Carries out `ChangeTasks` in one transaction."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._bulk = Bulk[Task](
            database,
            TaskRepository.table,
            {
                ChangeTasksStart: Part(_start_task, StartTaskHandler(database, settings)),
                ChangeTasksSubmit: Part(_submit_task, SubmitTaskHandler(database, settings)),
                ChangeTasksComplete: Part(_complete_task, CompleteTaskHandler(database, settings)),
                ChangeTasksCancel: Part(_cancel_task, CancelTaskHandler(database, settings)),
                ChangeTasksReopen: Part(_reopen_task, ReopenTaskHandler(database, settings)),
                ChangeTasksUpdate: Part(_update_task, UpdateTaskHandler(database, settings)),
            },
        )

    async def __call__(self, command: ChangeTasks, *, actor: Actor) -> Sequence[Outcome[Task]]:
        """Run `command` on behalf of `actor`."""
        body = command.body.value
        visible = task_policy.visible()
        together = body.mode == "all"
        return await self._bulk(body.items, together=together, visible=visible, actor=actor)


def _start_task(item: ChangeTasksStart) -> StartTask:
    return StartTask(task_id=item.id, condition=condition_of(item))


def _submit_task(item: ChangeTasksSubmit) -> SubmitTask:
    return SubmitTask(task_id=item.id, condition=condition_of(item))


def _complete_task(item: ChangeTasksComplete) -> CompleteTask:
    return CompleteTask(task_id=item.id, condition=condition_of(item))


def _cancel_task(item: ChangeTasksCancel) -> CancelTask:
    return CancelTask(task_id=item.id, body=Payload.of(item), condition=condition_of(item))


def _reopen_task(item: ChangeTasksReopen) -> ReopenTask:
    return ReopenTask(task_id=item.id, condition=condition_of(item))


def _update_task(item: ChangeTasksUpdate) -> UpdateTask:
    return UpdateTask(
        task_id=item.id,
        changes=Payload.of(changes_of(item, TaskUpdate)),
        condition=condition_of(item),
    )
