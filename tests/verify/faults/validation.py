"""Input that is judged too strictly, too loosely, or not at all."""

from typing import Final

from tests.verify.faults.base import Fault, fault

_TASKS: Final = "app/schemas/tasks.py"
_LABELS: Final = "app/schemas/labels.py"
_PROJECTS: Final = "app/schemas/projects.py"
_BASE: Final = "app/schemas/base.py"
_MIGRATION: Final = "migrations/versions/0002_initial.py"
_NEW_TASK: Final = (
    'to create a task."""\n\n    title: Annotated[str, Field(min_length=1, max_length='
)
_NEW_LABEL: Final = (
    'to create a label."""\n\n    name: Annotated[str, Field(min_length=1, max_length=50)]'
)
_KINDS: Final = "validation stateful"

FAULTS: Final[tuple[Fault, ...]] = (
    fault(
        "validation",
        "titles are a character too short",
        (_TASKS, f"{_NEW_TASK}255", f"{_NEW_TASK}254"),
        kinds=_KINDS,
        about=("Task.title",),
        requirement="REQ-011",
        first=True,
    ),
    fault(
        "validation",
        "titles may be a character too long",
        (_TASKS, f"{_NEW_TASK}255", f"{_NEW_TASK}256"),
        (_MIGRATION, "length(title) BETWEEN 1 AND 255", "length(title) BETWEEN 1 AND 256"),
        kinds=_KINDS,
        about=("Task.title",),
        requirement="REQ-011",
    ),
    fault(
        "validation",
        "titles need two characters",
        (_TASKS, _NEW_TASK, _NEW_TASK.replace("min_length=1", "min_length=2")),
        kinds=_KINDS,
        about=("Task.title",),
        requirement="REQ-011",
    ),
    fault(
        "validation",
        "lengths are counted in bytes",
        (_LABELS, "from pydantic import Field", "from pydantic import BeforeValidator, Field"),
        (
            _LABELS,
            _NEW_LABEL,
            'to create a label."""\n\n    name: Annotated[\n'
            "        str,\n"
            "        Field(min_length=1, max_length=50),\n"
            "        BeforeValidator(lambda v: v if len(str(v).encode()) <= 50 else 50 * 'xx'),\n"
            "    ]",
        ),
        kinds=f"injection {_KINDS}",
        about=("Label.name",),
        requirement="REQ-010",
    ),
    fault(
        "validation",
        "estimates of nothing are refused",
        (
            _TASKS,
            'Field(ge=0, le=60000, description="In minutes.")] = None',
            'Field(ge=1, le=60000, description="In minutes.")] = None',
        ),
        kinds=_KINDS,
        about=("Task.estimate",),
        requirement="REQ-011",
    ),
    fault(
        "validation",
        "estimates may be a minute too long",
        (
            _TASKS,
            'Field(ge=0, le=60000, description="In minutes.")] = None',
            'Field(ge=0, le=60001, description="In minutes.")] = None',
        ),
        (_MIGRATION, "estimate BETWEEN 0 AND 60000", "estimate BETWEEN 0 AND 60001"),
        kinds=_KINDS,
        about=("Task.estimate",),
        requirement="REQ-011",
    ),
    fault(
        "validation",
        "patterns match beginnings",
        (_PROJECTS, 'pattern="^(?:[A-Z]{2,6})$"', 'pattern="^(?:[A-Z]{2,6})"'),
        kinds=_KINDS,
        about=("Project.key",),
        requirement="REQ-010",
    ),
    fault(
        "validation",
        "colours may be written in lower case",
        (
            _LABELS,
            'pattern="^(?:#[0-9A-F]{6})$")] = "#808080"',
            'pattern="^(?:#[0-9A-Fa-f]{6})$")] = "#808080"',
        ),
        kinds=_KINDS,
        about=("Label.color",),
        requirement="REQ-010",
    ),
    fault(
        "validation",
        "one priority is unknown",
        ("app/models/task.py", '    URGENT = "urgent"\n', ""),
        kinds=f"lists {_KINDS}",
        about=("Task.priority",),
        requirement="REQ-011",
    ),
    fault(
        "validation",
        "unknown members are ignored",
        (_BASE, 'strict=True, extra="forbid"', 'strict=True, extra="ignore"'),
        kinds=f"mass-assignment {_KINDS}",
        requirement="A-11: unknown members are refused",
    ),
    fault(
        "validation",
        "types are guessed",
        (_BASE, 'strict=True, extra="forbid"', 'strict=False, extra="forbid"'),
        kinds=_KINDS,
        requirement="A.10: exact types",
    ),
    fault(
        "validation",
        "texts are trimmed",
        (
            _BASE,
            'strict=True, extra="forbid"',
            'str_strip_whitespace=True, strict=True, extra="forbid"',
        ),
        kinds=f"injection answers {_KINDS}",
        requirement="A.10: texts are stored as sent",
    ),
    fault(
        "validation",
        "a required member may be left out",
        (_LABELS, _NEW_LABEL, f'{_NEW_LABEL} = "unnamed"'),
        kinds=_KINDS,
        about=("Label.name",),
        requirement="REQ-010",
    ),
    fault(
        "validation",
        "an optional member is required",
        (
            _TASKS,
            "    due_at: Instant | None = None\n    estimate",
            "    due_at: Instant | None\n    estimate",
        ),
        kinds=f"answers {_KINDS}",
        about=("Task.due_at", "CreateTask"),
        requirement="REQ-011",
    ),
    fault(
        "validation",
        "null does not clear a value",
        (
            _BASE,
            "return {name: getattr(body, name) for name in sorted(body.model_fields_set)}",
            "values = {name: getattr(body, name) for name in sorted(body.model_fields_set)}\n"
            "    return {name: value for name, value in values.items() if value is not None}",
        ),
        kinds=f"answers {_KINDS}",
        about=("Task", "UpdateTask"),
        requirement="REQ-011",
    ),
    fault(
        "validation",
        "null stands for what was there",
        (
            "app/schemas/labels.py",
            'what is left out stays as it is."""\n\n'
            "    name: Annotated[str, Field(min_length=1, max_length=50)] = absent()",
            'what is left out stays as it is."""\n\n'
            "    name: Annotated[str, Field(min_length=1, max_length=50)] | None = absent()",
        ),
        (
            _BASE,
            "return {name: getattr(body, name) for name in sorted(body.model_fields_set)}",
            "values = {name: getattr(body, name) for name in sorted(body.model_fields_set)}\n"
            '    return {n: v for n, v in values.items() if v is not None or n != "name"}',
        ),
        kinds=_KINDS,
        about=("Label.name", "UpdateLabel"),
        requirement="REQ-010",
    ),
    fault(
        "validation",
        "keys of projects can be changed",
        (
            _PROJECTS,
            'what is left out stays as it is."""\n\n    name',
            'what is left out stays as it is."""\n\n    key: str = absent()\n    name',
        ),
        kinds=f"mass-assignment {_KINDS}",
        about=("Project", "Project.key"),
        requirement="REQ-010",
    ),
    fault(
        "validation",
        "clients say when a task was completed",
        (
            _TASKS,
            'to create a task."""\n\n',
            'to create a task."""\n\n    completed_at: Instant | None = None\n',
        ),
        kinds=f"mass-assignment {_KINDS}",
        about=("Task", "completed_at"),
        requirement="REQ-012",
    ),
    fault(
        "validation",
        "clients choose the state of a new task",
        (
            _TASKS,
            'to create a task."""\n\n',
            'to create a task."""\n\n    status: TaskStatus = TaskStatus.TODO\n',
        ),
        kinds=f"mass-assignment {_KINDS}",
        about=("Task", "status"),
        requirement="REQ-012",
    ),
    fault(
        "validation",
        "a task may have too many labels",
        (
            _TASKS,
            "    label_ids: Annotated[tuple[Id, ...], Field(max_length=20), Distinct()] = ()",
            "    label_ids: Annotated[tuple[Id, ...], Field(max_length=21), Distinct()] = ()",
        ),
        kinds=f"references {_KINDS}",
        about=("Task.labels", "Task.label", "CreateTask"),
        requirement="REQ-011",
    ),
    fault(
        "validation",
        "moments need no offset",
        (
            "app/schemas/fields.py",
            r'r"([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)"',
            r'r"([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)?"',
        ),
        kinds=_KINDS,
        about=("Task.due_at",),
        requirement="A.10: RFC 3339 with offset",
    ),
    fault(
        "validation",
        "the first year with an offset is a defect",
        ("app/schemas/fields.py", "    except OverflowError:\n", "    except KeyError:\n"),
        kinds=f"injection problems {_KINDS}",
        about=("Task.due_at", "Task"),
        requirement="A-50: no 500 on edge input",
    ),
)
