"""Unique values and references between rows that are not kept."""

from typing import Final

from tests.verify.faults.base import Fault, fault

_MIGRATION: Final = "migrations/versions/0002_initial.py"

FAULTS: Final[tuple[Fault, ...]] = (
    fault(
        "unique",
        "names of labels differ by case",
        (
            _MIGRATION,
            '"labels", ["tenant_id", sa.text("lower(name)")], unique=True',
            '"labels", ["tenant_id", "name"], unique=True',
        ),
        kinds="unique",
        about=("Label",),
        requirement="REQ-010",
        first=True,
    ),
    fault(
        "unique",
        "two projects share a key",
        (
            _MIGRATION,
            '        sa.UniqueConstraint("tenant_id", "key", '
            'name=op.f("uq_projects_tenant_id_key")),\n',
            "",
        ),
        kinds="unique races",
        about=("Project",),
        requirement="REQ-010",
    ),
    fault(
        "unique",
        "two projects share a name",
        (
            _MIGRATION,
            '"projects", ["tenant_id", sa.text("lower(name)")], unique=True',
            '"projects", ["tenant_id", sa.text("lower(name)")], unique=False',
        ),
        kinds="unique races",
        about=("Project",),
        requirement="REQ-010",
    ),
    fault(
        "unique",
        "a conflict does not say of which fields",
        (
            "app/core/errors.py",
            "        super().__init__(fields=list(fields))",
            "        super().__init__()",
        ),
        kinds="unique problems",
        requirement="A-31: conflict-unique names the fields",
    ),
    fault(
        "references",
        "deleting a parent deletes its subtasks",
        (
            _MIGRATION,
            '["tasks.tenant_id", "tasks.id"],\n'
            '            name=op.f("fk_tasks_tenant_id_parent_id"),\n',
            '["tasks.tenant_id", "tasks.id"],\n'
            '            name=op.f("fk_tasks_tenant_id_parent_id"),\n'
            '            ondelete="CASCADE",\n',
        ),
        kinds="references stateful",
        about=("Task.parent", "DeleteTask"),
        requirement="REQ-011",
    ),
    fault(
        "references",
        "projects with finished tasks cannot be deleted",
        (
            "app/services/projects.py",
            "            await self._task_service.remove(\n"
            '                await self._tasks.referring("project_id", project.id, '
            "tenant_id=self._tenant_id)\n"
            "            )\n",
            "            pass\n",
        ),
        (
            _MIGRATION,
            'name=op.f("fk_tasks_tenant_id_project_id"),\n            ondelete="CASCADE",',
            'name=op.f("fk_tasks_tenant_id_project_id"),',
        ),
        kinds="references stateful",
        about=("Task.project", "DeleteProject"),
        requirement="REQ-011",
    ),
    fault(
        "references",
        "linking a member does nothing",
        (
            "app/repositories/entities.py",
            "        self._add_links(link, entity_id, [other_id], tenant_id)\n        return True",
            "        return True",
        ),
        kinds="answers references role-matrix scenarios stateful isolation",
        about=("LinkProjectMember", "Project.members", "UnlinkProjectMember", "Project"),
        requirement="REQ-010",
    ),
    fault(
        "references",
        "labels of a task are lost",
        (
            "app/services/tasks.py",
            "        values = dict(body)\n",
            '        values = {**dict(body), "label_ids": ()}\n',
        ),
        kinds="answers references lists stateful",
        about=("Task.labels", "CreateTask", "Task"),
        requirement="REQ-011",
    ),
    fault(
        "references",
        "an unknown reference is a plain fault of validation",
        ("app/core/errors.py", 'slug = "invalid-reference"', 'slug = "unknown-reference"'),
        kinds="references isolation",
        requirement="A-32: invalid-reference",
    ),
)
