"""Walls between tenants with a hole."""

from typing import Final

from tests.verify.faults.base import Fault, fault

_ENTITIES: Final = "app/repositories/entities.py"
_BASE: Final = "app/repositories/base.py"
_SCOPED: Final = "rows = select(self.table, *computed).where(self.table.c.tenant_id == tenant_id)"
_KINDS: Final = "isolation idor-guessing role-matrix lists stateful"


def _unscoped(table: str) -> str:
    condition = f'true() if self.table.name == "{table}" else self.table.c.tenant_id == tenant_id'
    return f"rows = select(self.table, *computed).where({condition})"


FAULTS: Final[tuple[Fault, ...]] = (
    fault(
        "tenancy",
        "labels of all tenants are read",
        (_ENTITIES, _SCOPED, _unscoped("labels")),
        kinds=_KINDS,
        about=("Label",),
        requirement="REQ-001",
        first=True,
    ),
    fault(
        "tenancy",
        "tasks of all tenants are read",
        (_ENTITIES, _SCOPED, _unscoped("tasks")),
        kinds=_KINDS,
        about=("Task",),
        requirement="REQ-001",
    ),
    fault(
        "tenancy",
        "people of all tenants are read",
        (_ENTITIES, _SCOPED, _unscoped("users")),
        kinds=_KINDS,
        about=("User",),
        requirement="REQ-001",
    ),
    fault(
        "tenancy",
        "invitations of all tenants are read",
        (_ENTITIES, _SCOPED, _unscoped("invitations")),
        kinds=_KINDS,
        about=("Invitation",),
        requirement="REQ-001",
    ),
    fault(
        "tenancy",
        "the audit trail of all tenants is read",
        (_ENTITIES, _SCOPED, _unscoped("audit_entries")),
        kinds=f"audit {_KINDS}",
        about=("Audit", "audit"),
        requirement="REQ-001",
    ),
    fault(
        "tenancy",
        "only the list of labels leaks",
        (
            _BASE,
            "statement = self._scoped(tenant_id).where(*conditions).limit(request.limit + 1)",
            'scoped = select(self.table) if self.table.name == "labels" else '
            "self._scoped(tenant_id)\n"
            "        statement = scoped.where(*conditions).limit(request.limit + 1)",
        ),
        kinds="isolation lists stateful",
        about=("Label",),
        requirement="REQ-001",
    ),
    fault(
        "tenancy",
        "only writes reach labels of other tenants",
        (
            _BASE,
            "        row = await self._optional(found.with_for_update(of=self.table))\n",
            '        if self.table.name == "labels":\n'
            "            found = select(self.table).where(self.table.c.id == entity_id, visible)\n"
            "        row = await self._optional(found.with_for_update(of=self.table))\n",
        ),
        kinds=_KINDS,
        about=("Label",),
        requirement="REQ-001",
    ),
    fault(
        "tenancy",
        "a list below another tenant's task is empty, not absent",
        (
            "app/queries/comments/list_comments.py",
            "            task = await TaskRepository(transaction).get(\n"
            "                query.task_id,\n"
            "                tenant_id=actor.tenant_id,\n"
            "                visible=task_policy.visible(Principal.of(actor)),\n"
            "            )\n",
            "",
        ),
        (
            "app/queries/comments/list_comments.py",
            "                task.id,\n                listing.page,",
            "                query.task_id,\n                listing.page,",
        ),
        kinds=_KINDS,
        about=("ListComments", "Comment"),
        requirement="REQ-001",
    ),
    fault(
        "tenancy",
        "keys of projects are unique over all tenants",
        (
            "migrations/versions/0002_initial.py",
            'sa.UniqueConstraint("tenant_id", "key", name=op.f("uq_projects_tenant_id_key"))',
            'sa.UniqueConstraint("key", name=op.f("uq_projects_tenant_id_key"))',
        ),
        kinds="unique isolation",
        about=("Project",),
        requirement="REQ-010",
    ),
)
