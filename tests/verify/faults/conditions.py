"""Entity tags and conditions that hold in some places and not in others."""

from typing import Final

from tests.verify.faults.base import Fault, fault

_CONDITIONS: Final = "app/api/conditions.py"
_CHANGED: Final = (
    "app/repositories/asking.py",
    "return changed.values({**cls._parameters(names), **in_sql})",
)
_UNCOUNTED: Final = (
    "            in_sql = {**in_sql, 'version': expected}\n"
    "        return changed.values({**cls._parameters(names), **in_sql})"
)
_ROUTES: Final = "app/api/routes"
_COMMANDS: Final = "app/commands"

FAULTS: Final[tuple[Fault, ...]] = (
    fault(
        "concurrency",
        "If-Match is ignored when a task is completed",
        (
            f"{_COMMANDS}/tasks/complete_task.py",
            "        command.condition.check(task)\n",
            "",
        ),
        kinds="preconditions races transitions",
        about=("CompleteTask",),
        requirement="A-83: 412",
    ),
    fault(
        "concurrency",
        "If-Match is ignored when a label is deleted",
        (
            f"{_COMMANDS}/labels/delete_label.py",
            "            command.condition.check(label)\n",
            "",
        ),
        kinds="preconditions races",
        about=("DeleteLabel",),
        requirement="A-83: 412",
    ),
    fault(
        "concurrency",
        "If-Match is ignored when a project is archived",
        (
            f"{_COMMANDS}/projects/archive_project.py",
            "            command.condition.check(project)\n",
            "",
        ),
        kinds="preconditions races",
        about=("ArchiveProject",),
        requirement="A-83: 412",
    ),
    fault(
        "concurrency",
        "If-Match is ignored when a comment is changed",
        (
            f"{_COMMANDS}/comments/update_comment.py",
            "            command.condition.check(comment)\n",
            "",
        ),
        kinds="preconditions races",
        about=("UpdateComment",),
        requirement="A-83: 412",
    ),
    fault(
        "concurrency",
        "If-Match is ignored when a person is changed",
        (
            f"{_COMMANDS}/accounts/update_user.py",
            "            command.condition.check(user)\n",
            "",
        ),
        kinds="preconditions races sessions",
        about=("UpdateUser",),
        requirement="A-83: 412",
    ),
    fault(
        "concurrency",
        "any version is no version",
        (
            _CONDITIONS,
            "return Precondition(tags=frozenset(), matches_any=True, fault=fault)",
            "return Precondition(tags=frozenset(), fault=fault)",
        ),
        kinds="preconditions",
        requirement="A-82: * matches what exists",
    ),
    fault(
        "concurrency",
        "of several tags the first one counts",
        (
            _CONDITIONS,
            "for tag in _TAGS.findall(header) if not",
            "for tag in _TAGS.findall(header)[:1] if not",
        ),
        kinds="preconditions",
        requirement="A-82: a list matches by any",
    ),
    fault(
        "concurrency",
        "a reader who has any version is told so",
        (
            _CONDITIONS,
            '    if header.strip() == "*":\n        return True\n    return tag in',
            "    return tag in",
        ),
        kinds="preconditions protocol headers",
        requirement="A-81: If-None-Match: *",
    ),
    fault(
        "concurrency",
        "weak tags are unknown to readers",
        (
            _CONDITIONS,
            '(each.removeprefix("W/") for each in _TAGS.findall(header))',
            "_TAGS.findall(header)",
        ),
        kinds="preconditions protocol headers",
        requirement="A-81: weak comparison",
    ),
    fault(
        "concurrency",
        "304 has no tag",
        (
            "app/api/responses.py",
            'Response(status_code=304, headers={"etag": tag})',
            "Response(status_code=304)",
        ),
        kinds="preconditions protocol headers",
        requirement="A-08: ETag",
    ),
    fault(
        "concurrency",
        "the condition is asked before the right",
        (
            f"{_COMMANDS}/tasks/update_task.py",
            "        require_object(\n",
            "        command.condition.check(task)\n        require_object(\n",
        ),
        kinds="preconditions problems role-matrix protocol",
        about=("UpdateTask", "Task"),
        requirement="A-87: 412 never before 403",
    ),
    fault(
        "concurrency",
        "the condition is asked before the body",
        (
            f"{_COMMANDS}/tasks/update_task.py",
            "        changes = command.changes.value\n        command.condition.check(task)\n",
            "        command.condition.check(task)\n        changes = command.changes.value\n",
        ),
        kinds="preconditions problems protocol",
        about=("UpdateTask", "Task"),
        requirement="A.1: 422 before 428 and 412",
    ),
    fault(
        "concurrency",
        "the state is asked before the condition",
        (
            f"{_COMMANDS}/tasks/start_task.py",
            "        command.condition.check(task)\n",
            "        from app.core.lifecycle import target_of\n"
            "        from app.models.task import TASK_TRANSITIONS\n\n"
            '        target_of(TASK_TRANSITIONS, "start", task.status)\n'
            "        command.condition.check(task)\n",
        ),
        kinds="preconditions problems protocol transitions",
        about=("StartTask", "Task"),
        requirement="A.1: 412 before 409",
    ),
    fault(
        "concurrency",
        "moves leave the version",
        (
            *_CHANGED,
            f'if "status" in names:\n{_UNCOUNTED}',
        ),
        kinds="preconditions transitions races answers",
        about=("Task",),
        requirement="A-80: a tag for each version",
    ),
    fault(
        "concurrency",
        "links leave the version",
        (
            *_CHANGED,
            f'if set(names) <= {{"version", "updated_at"}}:\n{_UNCOUNTED}',
        ),
        kinds="preconditions answers",
        about=("Project",),
        requirement="A-80: a tag for each version",
    ),
    fault(
        "concurrency",
        "tags are those of other rows, too",
        (
            "app/core/preconditions.py",
            "content_tag(entity.id.bytes + entity.version.to_bytes(8))",
            "content_tag(entity.version.to_bytes(8))",
        ),
        kinds="preconditions",
        requirement="A-80: tags differ between objects",
    ),
    fault(
        "concurrency",
        "what was changed has no tag",
        (
            f"{_ROUTES}/labels.py",
            "    return item(LabelView.of(label), of=label)\n",
            "    return item(LabelView.of(label))\n",
        ),
        kinds="preconditions answers",
        about=("UpdateLabel",),
        requirement="A-03: ETag",
    ),
)
