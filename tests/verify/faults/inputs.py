"""Input in forms that few clients send."""

from typing import Final

from tests.verify.faults.base import Fault, fault

_TASKS: Final = "app/schemas/tasks.py"
_FIELDS: Final = "app/schemas/fields.py"
_JSON: Final = "app/core/jsonio.py"
_PAYLOAD: Final = "app/api/payload.py"
_MIGRATION: Final = "migrations/versions/0002_initial.py"
_NEW: Final = (
    'to create a task."""\n\n    title: Annotated[str, Field(min_length=1, max_length=255)]'
)
_CHANGED: Final = "    title: Annotated[str, Field(min_length=1, max_length=255)] = absent()"
_IMPORT: Final = (
    _TASKS,
    "from pydantic import Field",
    "from pydantic import AfterValidator, Field",
)
_KINDS: Final = "validation injection stateful"


def _titled(code: str) -> tuple[str, str, str]:
    """Return the edit by which titles of new tasks pass through `code`, called with `v`."""
    typed = f"Annotated[str, Field(min_length=1, max_length=255), AfterValidator(lambda v: {code})]"
    return (_TASKS, _NEW, f'to create a task."""\n\n    title: {typed}')


FAULTS: Final[tuple[Fault, ...]] = (
    fault(
        "validation",
        "texts are normalised",
        _IMPORT,
        _titled('__import__("unicodedata").normalize("NFC", v)'),
        kinds=_KINDS,
        about=("Task.title", "CreateTask"),
        requirement="A.10: texts are stored as sent",
    ),
    fault(
        "validation",
        "line breaks are lost",
        _IMPORT,
        _titled('" ".join(v.splitlines()) or v'),
        kinds=_KINDS,
        about=("Task.title", "CreateTask"),
        requirement="A.10: texts are stored as sent",
    ),
    fault(
        "validation",
        "what looks like markup is lost",
        _IMPORT,
        _titled('__import__("re").sub(r"<[^>]*>", "", v) or v'),
        kinds=_KINDS,
        about=("Task.title", "CreateTask"),
        requirement="A.10: texts are stored as sent",
    ),
    fault(
        "validation",
        "quotes are doubled",
        _IMPORT,
        _titled('v.replace("\'", "\'\'")'),
        kinds=_KINDS,
        about=("Task.title", "CreateTask"),
        requirement="A.10: texts are stored as sent",
    ),
    fault(
        "validation",
        "the null character is a character",
        (_JSON, r'rb"\\u(?:[dD][89a-fA-F]|0000)"', r'rb"\\u(?:[dD][89a-fA-F])"'),
        kinds=_KINDS + " protocol",
        requirement="A.10: no U+0000",
    ),
    fault(
        "validation",
        "halves of characters are characters",
        (_JSON, r'rb"\\u(?:[dD][89a-fA-F]|0000)"', r'rb"\\u(?:0000)"'),
        kinds=_KINDS + " protocol",
        requirement="A.10: no lone surrogates",
    ),
    fault(
        "validation",
        "not a number is a number",
        (_JSON, '    _refuse("NaN and Infinity are not JSON.")\n', "    return 0.0\n"),
        kinds=_KINDS + " protocol",
        requirement="A-09: malformed-json",
    ),
    fault(
        "validation",
        "byte order marks are skipped",
        (
            _JSON,
            '        _refuse("A byte order mark is not allowed.")\n',
            "        body = body[3:]\n",
        ),
        (
            _PAYLOAD,
            "        check_json(body)\n",
            '        check_json(body)\n        body = body.removeprefix(b"\\xef\\xbb\\xbf")\n',
        ),
        kinds="protocol",
        requirement="A-09: malformed-json",
    ),
    fault(
        "validation",
        "nesting has no end",
        (_JSON, "MAX_DEPTH: Final = 64", "MAX_DEPTH: Final = 64_000"),
        kinds="protocol injection",
        requirement="A.10: depth ≤ 64",
    ),
    fault(
        "validation",
        "ids are written in any form",
        (
            _FIELDS,
            '_matching(UUID, _UUID, "uuid_form", "Must be a UUID in its 8-4-4-4-12 form.")',
            "BeforeValidator(lambda value: UUID(value) if isinstance(value, str) else value)",
        ),
        kinds="references idor-guessing validation",
        requirement="A.10: UUID only in the 8-4-4-4-12 form",
    ),
    fault(
        "validation",
        "null leaves a title as it is",
        (
            _TASKS,
            _CHANGED,
            "    title: Annotated[str | None, Field(min_length=1, max_length=255)] = absent()",
        ),
        (
            "app/services/tasks.py",
            "        values = sent(changes)\n",
            "        values = sent(changes)\n"
            '        if values.get("title", "") is None:\n'
            '            del values["title"]\n',
        ),
        kinds=_KINDS,
        about=("UpdateTask",),
        requirement="S-099: null clears only what is optional",
    ),
    fault(
        "validation",
        "only the first fault is told",
        (
            _PAYLOAD,
            "raise ValidationError([*field_errors(error, self.model), *errors]) from None",
            "raise ValidationError([*field_errors(error, self.model), *errors][:1]) from None",
        ),
        kinds="problems validation",
        requirement="A-56: all at once",
    ),
    fault(
        "validation",
        "new descriptions are not empty",
        (_TASKS, 'Field(max_length=20000)] = ""', 'Field(max_length=20000)] = "-"'),
        kinds="answers validation stateful",
        about=("CreateTask", "Task"),
        requirement="REQ-011",
    ),
    fault(
        "validation",
        "new labels are black",
        ("app/schemas/labels.py", '= "#808080"', '= "#000000"'),
        kinds="answers validation stateful",
        about=("Label",),
        requirement="REQ-010",
    ),
    fault(
        "validation",
        "an estimate may be a text",
        (
            _TASKS,
            'Field(ge=0, le=60000, description="In minutes.")] = None',
            'Field(ge=0, le=60000, strict=False, description="In minutes.")] = None',
        ),
        kinds=_KINDS,
        about=("Task.estimate", "CreateTask"),
        requirement="A.10: exact types",
    ),
    fault(
        "validation",
        "changed titles may be too long",
        (_TASKS, _CHANGED, _CHANGED.replace("255", "300")),
        (_MIGRATION, "length(title) BETWEEN 1 AND 255", "length(title) BETWEEN 1 AND 300"),
        kinds=_KINDS,
        about=("UpdateTask",),
        requirement="REQ-011",
    ),
    fault(
        "validation",
        "a reason may be a letter",
        (_TASKS, "Field(min_length=3, max_length=500)", "Field(min_length=1, max_length=500)"),
        (
            _MIGRATION,
            "length(cancel_reason) BETWEEN 3 AND 500",
            "length(cancel_reason) BETWEEN 1 AND 500",
        ),
        kinds=f"transitions {_KINDS}",
        about=("CancelTask",),
        requirement="REQ-012",
    ),
    fault(
        "validation",
        "tasks move to other projects",
        (
            _TASKS,
            "    parent_id: Id | None = absent()\n",
            "    parent_id: Id | None = absent()\n    project_id: Id = absent()\n",
        ),
        kinds=f"mass-assignment {_KINDS}",
        about=("UpdateTask", "Task"),
        requirement="REQ-011",
    ),
    fault(
        "validation",
        "moments lose their microseconds",
        (
            "app/schemas/wire.py",
            " and not (value.microsecond and value.tzinfo is UTC):",
            ":",
        ),
        (
            "app/schemas/wire.py",
            "values[place] = instant_text(value)",
            "values[place] = instant_text(value.replace(microsecond=0))",
        ),
        kinds=_KINDS,
        about=("Task.due_at",),
        requirement="A.10: exact round trip",
    ),
    fault(
        "validation",
        "the time zone of a moment is ignored",
        (
            _FIELDS,
            "        return value.astimezone(UTC)\n    except OverflowError:",
            "        return value.replace(tzinfo=UTC)\n    except OverflowError:",
        ),
        kinds=_KINDS,
        about=("Task.due_at",),
        requirement="A.10: RFC 3339 with offset",
    ),
    fault(
        "validation",
        "parameters may come twice",
        (_PAYLOAD, "        if counts[name] > 1 and name", "        if counts[name] > 99 and name"),
        kinds="protocol lists",
        requirement="A-12: repeated scalar parameter",
    ),
    fault(
        "validation",
        "a page of none is a page",
        (_FIELDS, "Field(ge=1, le=200, description", "Field(ge=0, le=200, description"),
        kinds="lists protocol",
        requirement="A-70: limit 0 is refused",
    ),
    fault(
        "validation",
        "an unknown order is the usual one",
        (
            "app/schemas/labels.py",
            'sort: Literal["name", "-name", "created_at", "-created_at"] = "name"',
            'sort: Annotated[\n        Literal["name", "-name", "created_at", "-created_at"],\n'
            "        BeforeValidator(\n"
            '            lambda v: v if v in {"name", "-name", "created_at", "-created_at"} else '
            '"name"\n        ),\n    ] = "name"',
        ),
        (
            "app/schemas/labels.py",
            "from pydantic import Field",
            "from pydantic import BeforeValidator, Field",
        ),
        kinds="lists protocol injection",
        about=("Label",),
        requirement="A-75: other sorts are refused",
    ),
    fault(
        "validation",
        "an unknown value narrows nothing",
        (
            _TASKS,
            "    status: tuple[TaskStatus, ...] = ()\n",
            "    status: Annotated[\n"
            "        tuple[TaskStatus, ...],\n"
            "        BeforeValidator(lambda v: [e for e in v if e in set(TaskStatus)]),\n"
            "    ] = ()\n",
        ),
        (_TASKS, "from pydantic import Field", "from pydantic import BeforeValidator, Field"),
        kinds="lists protocol injection",
        about=("ListTasks",),
        requirement="A-12: a bad parameter is refused",
    ),
)
