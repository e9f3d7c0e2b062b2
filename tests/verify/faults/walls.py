"""Holes in walls that most requests never touch: between tenants, rows and roles."""

from typing import Final

from tests.verify.faults.base import Fault, fault

_TASKS: Final = "app/services/tasks.py"
_MIGRATION: Final = "migrations/versions/0002_initial.py"
_PAGES: Final = "app/api/pages.py"
_KINDS: Final = "role-matrix scenarios stateful"

FAULTS: Final[tuple[Fault, ...]] = (
    fault(
        "tenancy",
        "labels of other tenants mark tasks",
        (
            _TASKS,
            '            Reference("label_ids", self._labels, visible=label_policy.visible()),\n',
            "",
        ),
        (
            _MIGRATION,
            '            ["tenant_id", "label_id"],\n'
            '            ["labels.tenant_id", "labels.id"],',
            '            ["label_id"],\n            ["labels.id"],',
        ),
        kinds="isolation references",
        about=("Task",),
        requirement="REQ-001",
    ),
    fault(
        "tenancy",
        "tasks are given to people of other tenants",
        (_TASKS, '            Reference("assignee_id", self._users),\n', ""),
        (
            _MIGRATION,
            '            ["tenant_id", "assignee_id"],\n'
            '            ["users.tenant_id", "users.id"],',
            '            ["assignee_id"],\n            ["users.id"],',
        ),
        kinds="isolation references",
        about=("Task",),
        requirement="REQ-001",
    ),
    fault(
        "tenancy",
        "linking a stranger is a fault of the input",
        (
            "app/services/projects.py",
            "        if not await self._users.exists(user_id, tenant_id=self._tenant_id):\n",
            "        if not user_id:\n",
        ),
        kinds="isolation idor-guessing",
        about=("LinkProjectMember",),
        requirement="A-18: 404",
    ),
    fault(
        "tenancy",
        "a cursor serves everybody",
        (_PAGES, "        str(actor.tenant_id),\n        str(actor.user_id),\n", '        "",\n'),
        kinds="lists isolation",
        requirement="A-72: a cursor is bound to who asks",
    ),
    fault(
        "tenancy",
        "a cursor serves another list",
        (
            _PAGES,
            '        request.scope["route"].path,\n        sorted(request.path_params.items()),\n',
            "",
        ),
        kinds="lists isolation",
        requirement="A-72: a cursor is bound to its list",
    ),
    fault(
        "tenancy",
        "a cursor may be changed",
        (
            "app/security/signing.py",
            "        if not hmac.compare_digest(tag, self._tag(payload, context)):\n",
            "        if not tag:\n",
        ),
        kinds="lists isolation",
        requirement="A-72: a cursor is authenticated",
    ),
    fault(
        "policy",
        "whoever has the id reads a task of a private project",
        (
            "app/queries/tasks/get_task.py",
            "visible=visible()",
            "visible=visible() | True",
        ),
        kinds=f"isolation idor-guessing {_KINDS}",
        about=("GetTask", "Task"),
        requirement="REQ-010",
    ),
    fault(
        "policy",
        "tasks that one does not see are moved",
        (
            _TASKS,
            "        visible = policy.visible()\n",
            "        visible = policy.visible() | True\n",
        ),
        kinds=f"isolation idor-guessing {_KINDS}",
        about=("Task",),
        requirement="REQ-010",
    ),
    fault(
        "policy",
        "comments below tasks that one does not see are written",
        (
            "app/commands/comments/create_comment.py",
            "visible=task_policy.visible()",
            "visible=task_policy.visible() | True",
        ),
        kinds=f"isolation references {_KINDS}",
        about=("Comment",),
        requirement="REQ-010",
    ),
    fault(
        "policy",
        "parents that one does not see are known",
        (
            _TASKS,
            '"parent_id", self._tasks, visible=policy.visible()',
            '"parent_id", self._tasks',
        ),
        kinds=f"isolation references rules {_KINDS}",
        about=("Task",),
        requirement="A-32: hidden is unknown",
    ),
    fault(
        "policy",
        "whoever sees a project unlinks its members",
        (
            "app/commands/projects/unlink_project_member.py",
            "Permission.PROJECT_MANAGE",
            "Permission.PROJECT_READ",
        ),
        kinds=_KINDS,
        about=("UnlinkProjectMember",),
        requirement="REQ-003",
    ),
    fault(
        "policy",
        "reopening asks nobody",
        (
            "app/commands/tasks/reopen_task.py",
            "            may_update(actor, task),\n",
            "            True,\n",
        ),
        kinds=_KINDS,
        about=("ReopenTask",),
        requirement="REQ-003",
    ),
    fault(
        "policy",
        "admins do not delete comments of others",
        (
            "app/authorization/policies/comments.py",
            "comment.author_id == actor.user_id or actor.role in (Role.OWNER, Role.ADMIN)",
            "comment.author_id == actor.user_id or actor.role in (Role.OWNER,)",
        ),
        kinds=_KINDS,
        about=("DeleteComment",),
        requirement="REQ-013",
    ),
    fault(
        "policy",
        "the assignee deletes a task",
        (
            "app/authorization/policies/tasks.py",
            "    return actor.role in (Role.OWNER, Role.ADMIN) or "
            "task.created_by_id == actor.user_id\n",
            "    return actor.role in (Role.OWNER, Role.ADMIN) or actor.user_id in (\n"
            "        task.created_by_id,\n"
            "        task.assignee_id,\n"
            "    )\n",
        ),
        kinds=_KINDS,
        about=("DeleteTask",),
        requirement="REQ-003",
    ),
    fault(
        "policy",
        "whoever is signed in takes invitations back",
        (
            "app/commands/accounts/revoke_invitation.py",
            "    permission: ClassVar = MANAGE_USERS\n",
            "    permission: ClassVar = None\n",
        ),
        (
            "app/commands/accounts/revoke_invitation.py",
            "                may_grant(actor, invitation.role),\n",
            "                may_grant(actor, invitation.role) or True,\n",
        ),
        kinds=_KINDS,
        about=("RevokeInvitation",),
        requirement="REQ-002",
    ),
    fault(
        "policy",
        "the creator of a private project sees it for ever",
        (
            "app/authorization/policies/projects.py",
            "        project.c.visibility == ProjectVisibility.TENANT,\n",
            "        project.c.visibility == ProjectVisibility.TENANT,\n"
            "        project.c.created_by_id == principal.user_id,\n",
        ),
        kinds=f"isolation lists sessions {_KINDS}",
        about=("Project", "Task", "UpdateUser"),
        requirement="REQ-010",
    ),
)
