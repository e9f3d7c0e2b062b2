"""More than the spec says: rules that it does not have, and offers that it does not make."""

from typing import Final

from tests.verify.faults.base import Fault, fault

_RULES: Final = "app/rules/tasks.py"
_LABELS: Final = "app/schemas/labels.py"
_BEFORE: Final = '    """Return what must hold for a task before `{}`."""\n'
_ARCHIVED: Final = "    return (_project_archived(){},)"


def _stricter(move: str, rule: str) -> tuple[str, str, str]:
    told = _BEFORE.format(move)
    return (_RULES, told + _ARCHIVED.format(""), told + _ARCHIVED.format(f", {rule}()"))


FAULTS: Final[tuple[Fault, ...]] = (
    fault(
        "excess",
        "a task without an assignee is not reopened",
        _stricter("reopen", "_task_unassigned"),
        kinds="permitted",
        about=("ReopenTask",),
        requirement="REQ-012",
        first=True,
    ),
    fault(
        "excess",
        "a task with open subtasks is not cancelled",
        _stricter("cancel", "_open_subtasks"),
        kinds="permitted",
        about=("CancelTask",),
        requirement="REQ-012",
    ),
    fault(
        "excess",
        "no two labels have the same colour",
        (
            "migrations/versions/0002_initial.py",
            '"labels", ["tenant_id", "name", "id"])',
            '"labels", ["tenant_id", "color"], unique=True)',
        ),
        kinds="repeats",
        about=("Label",),
        requirement="REQ-010",
    ),
    fault(
        "excess",
        "a filter that the spec does not name is taken",
        (
            _LABELS,
            '    """How the labels are sorted."""\n',
            '    """How the labels are sorted."""\n\n    color: str | None = None\n',
        ),
        kinds="undeclared",
        about=("ListLabels",),
        requirement="A-75",
        first=True,
    ),
    fault(
        "excess",
        "an order that the spec does not name is taken",
        (_LABELS, '"created_at", "-created_at"]', '"created_at", "-created_at", "color"]'),
        kinds="undeclared",
        about=("ListLabels",),
        requirement="A-75",
    ),
    fault(
        "excess",
        "the description says that a value may be missing which never is",
        (_LABELS, "    color: str\n", "    color: str | None\n"),
        kinds="openapi",
        about=("Label",),
        requirement="OpenAPI 3.1",
    ),
)
