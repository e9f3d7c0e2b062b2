"""Roles, permissions and policies that are asked wrongly or not at all."""

from typing import Final

from tests.verify.faults.base import Fault, fault

_PERMISSIONS: Final = "app/authorization/permissions.py"
_TASKS: Final = "app/authorization/policies/tasks.py"
_PROJECTS: Final = "app/authorization/policies/projects.py"
_KINDS: Final = "role-matrix scenarios stateful"

FAULTS: Final[tuple[Fault, ...]] = (
    fault(
        "policy",
        "viewers create labels",
        (
            "app/commands/labels/create_label.py",
            "permission: ClassVar = Permission.PROJECT_MANAGE",
            "permission: ClassVar = Permission.PROJECT_READ",
        ),
        kinds=_KINDS,
        about=("CreateLabel",),
        requirement="REQ-003",
        first=True,
    ),
    fault(
        "policy",
        "whoever is signed in deletes projects",
        (
            "app/commands/projects/delete_project.py",
            "permission: ClassVar = Permission.PROJECT_MANAGE",
            "permission: ClassVar = None",
        ),
        kinds=_KINDS,
        about=("DeleteProject",),
        requirement="REQ-003",
    ),
    fault(
        "policy",
        "whoever is signed in reads the audit trail",
        (
            "app/queries/accounts/list_audit_entries.py",
            "permission: ClassVar = READ_AUDIT",
            "permission: ClassVar = None",
        ),
        kinds=f"audit {_KINDS}",
        about=("Audit", "audit"),
        requirement="REQ-018",
    ),
    fault(
        "policy",
        "members invite people",
        (
            "app/commands/accounts/invite_user.py",
            "permission: ClassVar = MANAGE_USERS",
            "permission: ClassVar = None",
        ),
        kinds=_KINDS,
        about=("InviteUser", "user:manage"),
        requirement="REQ-002",
    ),
    fault(
        "policy",
        "viewers hold task:create",
        (
            _PERMISSIONS,
            "                Permission.PROJECT_READ,\n                Permission.TASK_READ,\n",
            "                Permission.PROJECT_READ,\n                Permission.TASK_READ,\n"
            "                Permission.TASK_CREATE,\n",
        ),
        kinds=_KINDS,
        about=("CreateTask", "task:create"),
        requirement="REQ-003",
    ),
    fault(
        "policy",
        "admins lost user:manage",
        (
            _PERMISSIONS,
            "Role.ADMIN: frozenset(\n            {\n                Permission.USER_MANAGE,\n",
            "Role.ADMIN: frozenset(\n            {\n",
        ),
        kinds=_KINDS,
        about=("InviteUser", "ListInvitations", "UpdateUser", "user:manage"),
        requirement="REQ-003",
    ),
    fault(
        "policy",
        "the assignee may not change a task",
        (
            _TASKS,
            "        or task.created_by_id == actor.user_id\n"
            "        or task.assignee_id == actor.user_id\n",
            "        or task.created_by_id == actor.user_id\n",
        ),
        kinds=f"transitions {_KINDS}",
        about=("UpdateTask", "StartTask", "CancelTask", "ReopenTask", "Task.update"),
        requirement="REQ-011",
    ),
    fault(
        "policy",
        "nobody asks the row before a task is changed",
        (
            "app/commands/tasks/update_task.py",
            "            may_update(actor, task),\n",
            "            True,\n",
        ),
        kinds=_KINDS,
        about=("UpdateTask",),
        requirement="REQ-011",
    ),
    fault(
        "policy",
        "the right to delete a task is inverted",
        (
            _TASKS,
            "return actor.role in (Role.OWNER, Role.ADMIN) or task.created_by_id == actor.user_id",
            "return actor.role not in (Role.OWNER, Role.ADMIN) "
            "and task.created_by_id != actor.user_id",
        ),
        kinds=_KINDS,
        about=("DeleteTask",),
        requirement="REQ-011",
    ),
    fault(
        "policy",
        "everybody completes tasks",
        (
            _TASKS,
            "return actor.role in (Role.OWNER, Role.ADMIN) or task.assignee_id == actor.user_id",
            "return True",
        ),
        kinds=_KINDS,
        about=("CompleteTask", "Task.complete"),
        requirement="REQ-011",
    ),
    fault(
        "policy",
        "admins submit tasks of others",
        (
            _TASKS,
            "    return task.assignee_id == actor.user_id\n",
            "    return task.assignee_id == actor.user_id "
            "or actor.role in (Role.OWNER, Role.ADMIN)\n",
        ),
        kinds=_KINDS,
        about=("SubmitTask", "Task.submit"),
        requirement="REQ-011",
    ),
    fault(
        "policy",
        "members edit comments of others",
        (
            "app/authorization/policies/comments.py",
            "    return comment.author_id == actor.user_id\n",
            "    return True\n",
        ),
        kinds=_KINDS,
        about=("UpdateComment",),
        requirement="REQ-013",
    ),
    fault(
        "policy",
        "members see every private project",
        (
            _PROJECTS,
            "principal.role.in_([Role.OWNER, Role.ADMIN])",
            "principal.role.in_([Role.OWNER, Role.ADMIN, Role.MEMBER])",
        ),
        kinds=f"isolation lists {_KINDS}",
        about=("Project", "Task", "Comment"),
        requirement="REQ-010",
    ),
    fault(
        "policy",
        "members of a private project do not see it",
        (
            _PROJECTS,
            "member.c.user_id == principal.user_id",
            "member.c.user_id == project.c.id",
        ),
        kinds=f"isolation lists {_KINDS}",
        about=("Project", "A member sees the private project"),
        requirement="REQ-010",
    ),
    fault(
        "policy",
        "the list of tasks shows those of private projects",
        (
            "app/queries/tasks/list_tasks.py",
            "visible=visible(),",
            "visible=visible() | True,",
        ),
        kinds=f"isolation lists {_KINDS}",
        about=("ListTasks", "A list leaves out"),
        requirement="REQ-010",
    ),
    fault(
        "policy",
        "tasks are created in projects that one does not see",
        (
            "app/services/tasks.py",
            '"project_id", self._projects, visible=project_policy.visible()',
            '"project_id", self._projects',
        ),
        kinds=f"references isolation {_KINDS}",
        about=("CreateTask", "Task.project"),
        requirement="REQ-010",
    ),
    fault(
        "policy",
        "what is hidden is forbidden, not absent",
        (
            "app/repositories/base.py",
            "        if found is None:\n"
            "            raise NotFoundError((self.table.name, entity_id))",
            "        if found is None:\n"
            "            from app.core.errors import PermissionDeniedError\n\n"
            "            raise PermissionDeniedError",
        ),
        kinds="isolation idor-guessing role-matrix scenarios",
        requirement="A-18: 404 for what is hidden",
    ),
)
