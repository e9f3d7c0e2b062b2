"""Moves that lead elsewhere, are missing, or ask the wrong conditions."""

from typing import Final

from tests.verify.faults.base import Fault, fault

_MODEL: Final = "app/models/task.py"
_RULES: Final = "app/rules/tasks.py"
_SERVICE: Final = "app/services/tasks.py"
_KINDS: Final = "transitions stateful"

FAULTS: Final[tuple[Fault, ...]] = (
    fault(
        "lifecycle",
        "cancelled tasks cannot be reopened",
        (
            _MODEL,
            "frozenset({TaskStatus.DONE, TaskStatus.CANCELLED})",
            "frozenset({TaskStatus.DONE})",
        ),
        kinds=_KINDS,
        about=("Task.reopen", "ReopenTask"),
        requirement="REQ-012",
        first=True,
    ),
    fault(
        "lifecycle",
        "done tasks can be started",
        (
            _MODEL,
            "Transition(frozenset({TaskStatus.TODO}), TaskStatus.IN_PROGRESS)",
            "Transition(frozenset({TaskStatus.TODO, TaskStatus.DONE}), TaskStatus.IN_PROGRESS)",
        ),
        kinds=_KINDS,
        about=("Task.start", "StartTask"),
        requirement="REQ-012",
    ),
    fault(
        "lifecycle",
        "submitting skips the review",
        (
            _MODEL,
            "Transition(frozenset({TaskStatus.IN_PROGRESS}), TaskStatus.IN_REVIEW)",
            "Transition(frozenset({TaskStatus.IN_PROGRESS}), TaskStatus.DONE)",
        ),
        kinds=f"answers {_KINDS}",
        about=("Task.submit", "SubmitTask"),
        requirement="REQ-012",
    ),
    fault(
        "lifecycle",
        "tasks begin in progress",
        (
            _MODEL,
            'enum_type(TaskStatus, name="status"), nullable=False, default=TaskStatus.TODO',
            'enum_type(TaskStatus, name="status"), nullable=False, default=TaskStatus.IN_PROGRESS',
        ),
        kinds=f"answers computed {_KINDS}",
        about=("Task", "CreateTask"),
        requirement="REQ-012",
    ),
    fault(
        "lifecycle",
        "a task starts without an assignee",
        (
            _RULES,
            "    return (_project_archived(), _task_unassigned())\n",
            "    return (_project_archived(),)\n",
        ),
        kinds=f"rules scenarios {_KINDS}",
        about=("Task.start", "StartTask", "without an assignee"),
        requirement="REQ-012",
    ),
    fault(
        "lifecycle",
        "the guard of the start is inverted",
        (
            _RULES,
            "Rule(tasks.c.assignee_id.is_not(None), TaskUnassignedError)",
            "Rule(tasks.c.assignee_id.is_(None), TaskUnassignedError)",
        ),
        kinds=f"answers rules scenarios {_KINDS}",
        about=("Task.start", "StartTask", "without an assignee"),
        requirement="REQ-012",
    ),
    fault(
        "lifecycle",
        "a task with open subtasks is completed",
        (
            _RULES,
            "return (_project_archived(), _open_subtasks(), _self_review())",
            "return (_project_archived(), _self_review())",
        ),
        kinds=f"rules scenarios {_KINDS}",
        about=("Task.complete", "CompleteTask", "open subtask"),
        requirement="REQ-012",
    ),
    fault(
        "lifecycle",
        "people review their own work",
        (
            _RULES,
            "return (_project_archived(), _open_subtasks(), _self_review())",
            "return (_project_archived(), _open_subtasks())",
        ),
        kinds=f"rules scenarios {_KINDS}",
        about=("Task.complete", "CompleteTask", "review their own"),
        requirement="REQ-012",
    ),
    fault(
        "lifecycle",
        "tasks move in archived projects",
        (
            _RULES,
            'before `submit`."""\n    return (_project_archived(),)',
            'before `submit`."""\n    return ()',
        ),
        kinds=f"rules {_KINDS}",
        about=("SubmitTask", "Task.submit", "rule Task"),
        requirement="REQ-010",
    ),
    fault(
        "lifecycle",
        "completing does not note when",
        (_SERVICE, 'values = {"completed_at": self._now}', "values: dict[str, Any] = {}"),
        kinds=f"answers {_KINDS}",
        about=("Task.complete", "CompleteTask", "completed_at"),
        requirement="REQ-012",
    ),
    fault(
        "lifecycle",
        "reopening keeps the reason of the cancellation",
        (
            _SERVICE,
            'values = {"completed_at": None, "cancel_reason": None, "archived_at": None}',
            'values: dict[str, Any] = {"completed_at": None}',
        ),
        kinds=f"answers {_KINDS}",
        about=("Task.reopen", "ReopenTask", "cancel_reason"),
        requirement="REQ-012",
    ),
    fault(
        "lifecycle",
        "the reason of a cancellation is lost",
        (
            _SERVICE,
            'values = {"cancel_reason": body.reason}',
            'values = {"cancel_reason": "cancelled"}',
        ),
        kinds=f"answers {_KINDS}",
        about=("Task.cancel", "CancelTask", "cancel_reason"),
        requirement="REQ-012",
    ),
    fault(
        "lifecycle",
        "the refusal names moves that are not allowed",
        (
            "app/core/lifecycle.py",
            "return sorted(name for name, move in transitions.items() if state in move.sources)",
            "return sorted(transitions)",
        ),
        kinds=_KINDS,
        about=("Task",),
        requirement="REQ-012",
    ),
    fault(
        "lifecycle",
        "illegal moves are told without their code",
        ("app/core/errors.py", 'slug = "invalid-transition"', 'slug = "wrong-state"'),
        kinds=_KINDS,
        about=("Task",),
        requirement="A-34: invalid-transition",
    ),
)
