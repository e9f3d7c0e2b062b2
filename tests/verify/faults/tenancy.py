"""Walls between tenants with a hole."""

from typing import Final

from tests.verify.faults.base import Fault, fault

_ASKING: Final = "app/repositories/asking.py"
_SCOPED: Final = "return select(cls.table, *values).where(cls.table.c.tenant_id == TENANT)"
_KINDS: Final = "isolation idor-guessing role-matrix lists stateful"


def _unscoped(table: str) -> str:
    owned = f'cls.table.name == "{table}" or cls.table.c.tenant_id == TENANT'
    return f"return select(cls.table, *values).where({owned})"


FAULTS: Final[tuple[Fault, ...]] = (
    fault(
        "tenancy",
        "labels of all tenants are read",
        (_ASKING, _SCOPED, _unscoped("labels")),
        kinds=_KINDS,
        about=("Label",),
        requirement="REQ-001",
        first=True,
    ),
    fault(
        "tenancy",
        "tasks of all tenants are read",
        (_ASKING, _SCOPED, _unscoped("tasks")),
        kinds=_KINDS,
        about=("Task",),
        requirement="REQ-001",
    ),
    fault(
        "tenancy",
        "people of all tenants are read",
        (_ASKING, _SCOPED, _unscoped("users")),
        kinds=_KINDS,
        about=("User",),
        requirement="REQ-001",
    ),
    fault(
        "tenancy",
        "invitations of all tenants are read",
        (_ASKING, _SCOPED, _unscoped("invitations")),
        kinds=_KINDS,
        about=("Invitation",),
        requirement="REQ-001",
    ),
    fault(
        "tenancy",
        "the audit trail of all tenants is read",
        (_ASKING, _SCOPED, _unscoped("audit_entries")),
        kinds=f"audit {_KINDS}",
        about=("Audit", "audit"),
        requirement="REQ-001",
    ),
    fault(
        "tenancy",
        "only the list of labels leaks",
        (
            _ASKING,
            "listed = cls._in_lists().where(*conditions)",
            'scoped = select(cls.table) if cls.table.name == "labels" else cls._scoped()\n'
            "        listed = scoped.where(*conditions)",
        ),
        kinds="isolation lists stateful",
        about=("Label",),
        requirement="REQ-001",
    ),
    fault(
        "tenancy",
        "only writes reach labels of other tenants",
        (
            _ASKING,
            "        return Fixed(found.with_for_update(of=cls.table) if locked else found)\n",
            '        if locked and cls.table.name == "labels":\n'
            "            found = select(cls.table).where(cls.table.c.id == ROW, visible)\n"
            "        return Fixed(found.with_for_update(of=cls.table) if locked else found)\n",
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
            "                query.task_id, tenant_id=actor.tenant_id, "
            "visible=task_policy.visible()\n"
            "            )\n",
            "",
        ),
        (
            "app/queries/comments/list_comments.py",
            "                task.id, listing.page,",
            "                query.task_id, listing.page,",
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
    fault(
        "tenancy",
        "what another tenant has takes longer to refuse",
        (
            "app/authorization/cross_tenant.py",
            "log_cross_tenant_attempt(actor, resource=name, resource_id=object_id)",
            "log_cross_tenant_attempt(actor, resource=name, resource_id=object_id)\n"
            '                    await __import__("asyncio").sleep(0.02)',
        ),
        kinds="timing",
        requirement="REQ-001",
    ),
)
