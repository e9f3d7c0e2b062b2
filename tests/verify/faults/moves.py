"""Moves that are right for the usual row and wrong for another."""

from typing import Final

from tests.verify.faults.base import Fault, fault

_TASK: Final = "app/models/task.py"
_SERVICE: Final = "app/services/tasks.py"
_KINDS: Final = "transitions rules scenarios stateful"

FAULTS: Final[tuple[Fault, ...]] = (
    fault(
        "lifecycle",
        "tasks in review start again",
        (
            _TASK,
            "Transition(frozenset({TaskStatus.TODO}), TaskStatus.IN_PROGRESS)",
            "Transition(\n"
            "            frozenset({TaskStatus.TODO, TaskStatus.IN_REVIEW}), "
            "TaskStatus.IN_PROGRESS\n        )",
        ),
        kinds=_KINDS,
        about=("StartTask", "Task"),
        requirement="REQ-012",
    ),
    fault(
        "lifecycle",
        "tasks in review cannot be cancelled",
        (
            _TASK,
            "frozenset({TaskStatus.TODO, TaskStatus.IN_PROGRESS, TaskStatus.IN_REVIEW}),",
            "frozenset({TaskStatus.TODO, TaskStatus.IN_PROGRESS}),",
        ),
        kinds=_KINDS,
        about=("CancelTask", "Task"),
        requirement="REQ-012",
    ),
    fault(
        "lifecycle",
        "tasks are completed again",
        (
            _TASK,
            "Transition(frozenset({TaskStatus.IN_REVIEW}), TaskStatus.DONE)",
            "Transition(frozenset({TaskStatus.IN_REVIEW, TaskStatus.DONE}), TaskStatus.DONE)",
        ),
        kinds=_KINDS,
        about=("CompleteTask", "Task"),
        requirement="REQ-012",
    ),
    fault(
        "lifecycle",
        "reopened tasks stay completed",
        (
            _SERVICE,
            'values = {"completed_at": None, "cancel_reason": None, "archived_at": None}',
            'values: dict[str, Any] = {"cancel_reason": None}',
        ),
        kinds=_KINDS,
        about=("ReopenTask", "Task"),
        requirement="REQ-012",
    ),
    fault(
        "lifecycle",
        "tasks are completed on the day, not at the time",
        (
            _SERVICE,
            'values = {"completed_at": self._now}',
            'values = {"completed_at": self._now.replace(year=2020)}',
        ),
        kinds=_KINDS,
        about=("CompleteTask", "Task"),
        requirement="REQ-012",
    ),
    fault(
        "lifecycle",
        "reasons lose the spaces around them",
        (
            _SERVICE,
            'values = {"cancel_reason": body.reason}',
            'values = {"cancel_reason": body.reason.strip()[:400]}',
        ),
        kinds=f"validation injection {_KINDS}",
        about=("CancelTask", "Task"),
        requirement="REQ-012",
    ),
    fault(
        "lifecycle",
        "the refusal does not name the state",
        (
            "app/core/lifecycle.py",
            "raise InvalidTransitionError(state, allowed(transitions, state))",
            'raise InvalidTransitionError("", allowed(transitions, state))',
        ),
        kinds=_KINDS,
        about=("Task",),
        requirement="A-34: state and allowed",
    ),
    fault(
        "lifecycle",
        "what was cancelled reopens in progress",
        (
            _SERVICE,
            "        status = target_of(TASK_TRANSITIONS, transition, task.status)\n",
            "        status = target_of(TASK_TRANSITIONS, transition, task.status)\n"
            '        if str(task.status) == "cancelled":\n'
            '            status = type(task.status)("in_progress")\n',
        ),
        kinds=_KINDS,
        about=("ReopenTask", "Task"),
        requirement="REQ-012",
    ),
    fault(
        "lifecycle",
        "moves do not note when",
        (
            "app/repositories/asking.py",
            "return changed.values({**cls._parameters(names), **in_sql})",
            'kept = set(names) - ({"updated_at"} if "status" in names else set())\n'
            "        return changed.values({**cls._parameters(sorted(kept)), **in_sql})",
        ),
        kinds=f"answers {_KINDS}",
        about=("Task",),
        requirement="data-1: updated_at",
    ),
)
