"""What is stored, derived, linked and deleted, when it is not what was meant."""

from typing import Final

from tests.verify.faults.base import Fault, fault

_ENTITIES: Final = "app/repositories/entities.py"
_MIGRATION: Final = "migrations/versions/0002_initial.py"

FAULTS: Final[tuple[Fault, ...]] = (
    fault(
        "values",
        "changes do not note when",
        (
            "app/repositories/base.py",
            '            changes["updated_at"] = self._transaction.now\n',
            '            changes["updated_at"] = getattr(entity, "updated_at")\n',
        ),
        kinds="answers stateful",
        requirement="data-1: updated_at",
    ),
    fault(
        "values",
        "changes note when as the creation",
        (
            "app/repositories/base.py",
            '            changes["updated_at"] = self._transaction.now\n',
            '            changes["updated_at"] = changes["created_at"] = self._transaction.now\n',
        ),
        kinds="answers stateful",
        requirement="data-1: created_at",
    ),
    fault(
        "values",
        "whoever changes a task has created it",
        (
            "app/services/tasks.py",
            "        values = sent(changes)\n",
            '        values = {**sent(changes), "created_by_id": self._actor.user_id}\n',
        ),
        kinds="answers stateful",
        about=("UpdateTask", "Task"),
        requirement="REQ-011",
    ),
    fault(
        "values",
        "a change clears what it leaves out",
        (
            "app/services/tasks.py",
            "        values = sent(changes)\n",
            '        values = {"estimate": None, **sent(changes)}\n',
        ),
        kinds="answers validation stateful",
        about=("UpdateTask", "Task"),
        requirement="S-099: what is left out stays",
    ),
    fault(
        "values",
        "projects count the tasks of all",
        (
            "app/computed/projects.py",
            'refers(task, "project_id", to=project),\n        task.c.status',
            "task.c.tenant_id == project.c.tenant_id,\n        task.c.status",
        ),
        kinds="computed stateful",
        about=("Project",),
        requirement="REQ-010",
    ),
    fault(
        "values",
        "tasks in review are not open",
        (
            "app/computed/projects.py",
            "        task.c.status.not_in([TaskStatus.DONE, TaskStatus.CANCELLED]),\n",
            "        task.c.status.in_([TaskStatus.TODO, TaskStatus.IN_PROGRESS]),\n",
        ),
        kinds="computed rules stateful",
        about=("Project",),
        requirement="REQ-010",
    ),
    fault(
        "values",
        "open subtasks are counted to one",
        (
            "app/computed/tasks.py",
            "    return count_of(\n",
            '    return __import__("sqlalchemy").func.min(1, count_of(\n',
        ),
        (
            "app/computed/tasks.py",
            "        subtask.c.status.not_in([TaskStatus.DONE, TaskStatus.CANCELLED]),\n    )\n",
            "        subtask.c.status.not_in([TaskStatus.DONE, TaskStatus.CANCELLED]),\n    ))\n",
        ),
        kinds="computed stateful",
        about=("Task",),
        requirement="REQ-011",
    ),
    fault(
        "values",
        "cancelled tasks are overdue",
        (
            "app/computed/tasks.py",
            "        task.c.status.not_in([TaskStatus.DONE, TaskStatus.CANCELLED]),\n    )",
            "        task.c.status.not_in([TaskStatus.DONE]),\n    )",
        ),
        kinds="computed lists stateful",
        about=("Task",),
        requirement="REQ-011",
    ),
    fault(
        "values",
        "references have three digits",
        (
            "app/computed/tasks.py",
            "        + cast(task.c.number, String)\n",
            '        + __import__("sqlalchemy").func.printf("%03d", task.c.number)\n',
        ),
        kinds="computed stateful",
        about=("Task",),
        requirement="REQ-011",
    ),
    fault(
        "values",
        "descriptions are cut",
        (
            "app/services/projects.py",
            '{**dict(body), "created_by_id": self._actor.user_id}',
            '{**dict(body), "description": body.description[:5000], '
            '"created_by_id": self._actor.user_id}',
        ),
        kinds="validation stateful answers",
        about=("Project",),
        requirement="REQ-010",
    ),
    fault(
        "references",
        "deleted comments are still read",
        (
            "app/queries/comments/get_comment.py",
            "CommentRepository(transaction)",
            'type(\n                "Kept", (CommentRepository,), {"_keeps_deleted": False}\n'
            "            )(transaction)",
        ),
        kinds="answers references stateful isolation",
        about=("Comment",),
        requirement="A-05: 404",
    ),
    fault(
        "references",
        "deleted comments are changed",
        (
            "app/services/comments.py",
            "        self._comments = CommentRepository(transaction)\n",
            '        kept = type("Kept", (CommentRepository,), {"_keeps_deleted": False})\n'
            "        self._comments = kept(transaction)\n"
            "        self._deleting = CommentRepository(transaction)\n",
        ),
        (
            "app/services/comments.py",
            "        await self._comments.delete_all(\n",
            "        await self._deleting.delete_all(\n",
        ),
        kinds="answers references stateful isolation",
        about=("Comment",),
        requirement="A-05: 404",
    ),
    fault(
        "references",
        "labels in use cannot be deleted",
        (
            _MIGRATION,
            'name=op.f("fk_task_labels_tenant_id_label_id"),\n            ondelete="CASCADE",',
            'name=op.f("fk_task_labels_tenant_id_label_id"),',
        ),
        kinds="references stateful",
        about=("Label", "Task"),
        requirement="REQ-011",
    ),
    fault(
        "references",
        "tasks with comments cannot be deleted",
        (
            _MIGRATION,
            'name=op.f("fk_comments_tenant_id_task_id"),\n            ondelete="CASCADE",',
            'name=op.f("fk_comments_tenant_id_task_id"),',
        ),
        kinds="references stateful",
        about=("Comment", "Task"),
        requirement="REQ-013",
    ),
    fault(
        "references",
        "whoever is no member is unlinked",
        (
            "app/services/projects.py",
            "        if user_id not in project.member_ids:\n            raise NotFoundError\n",
            "        if user_id not in project.member_ids:\n            return project\n",
        ),
        kinds="answers references isolation idor-guessing",
        about=("UnlinkProjectMember", "Project"),
        requirement="A-18: 404",
    ),
    fault(
        "references",
        "unlinking one member unlinks all",
        (
            _ENTITIES,
            "delete(link.table).where(link.to_other())",
            "delete(link.table).where(link.of_row())",
        ),
        kinds="answers references stateful",
        about=("UnlinkProjectMember", "LinkProjectMember", "Project"),
        requirement="REQ-010",
    ),
    fault(
        "references",
        "labels are never taken from a task",
        (_ENTITIES, "            await self._transaction.execute(left, values)\n", ""),
        kinds="answers references validation stateful",
        about=("UpdateTask", "Task"),
        requirement="REQ-011",
    ),
    fault(
        "references",
        "a label is put on one task at a time",
        (
            _ENTITIES,
            "        for other_id in ids:\n            values = given(",
            "        for other_id in ids:\n"
            '            if link.other == "label_id":\n'
            "                same = link.table.c[link.other] == other_id\n"
            "                self._transaction.later(Fixed(delete(link.table).where(same)))\n"
            "            values = given(",
        ),
        kinds="references lists stateful",
        about=("Task", "Label"),
        requirement="REQ-011",
    ),
)
