"""Roles and the permissions they hold (REQ-003)."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from app.models.role import Role

__all__ = [
    "FOUNDER",
    "MANAGE_JOBS",
    "MANAGE_TENANT",
    "MANAGE_USERS",
    "MANAGE_WEBHOOKS",
    "READ_AUDIT",
    "ROLE_PERMISSIONS",
    "WATCH_RUNS",
    "Permission",
    "Role",
]


class Permission(StrEnum):
    """What a role may allow."""

    TENANT_MANAGE = "tenant:manage"
    USER_MANAGE = "user:manage"
    PROJECT_MANAGE = "project:manage"
    PROJECT_READ = "project:read"
    TASK_CREATE = "task:create"
    TASK_READ = "task:read"
    TASK_UPDATE = "task:update"
    TASK_DELETE = "task:delete"
    TASK_COMPLETE = "task:complete"
    COMMENT_CREATE = "comment:create"
    WEBHOOK_MANAGE = "webhook:manage"
    AUDIT_READ = "audit:read"
    JOB_MANAGE = "job:manage"


ROLE_PERMISSIONS: Final[Mapping[Role, frozenset[Permission]]] = MappingProxyType(
    {
        Role.OWNER: frozenset(
            {
                Permission.TENANT_MANAGE,
                Permission.USER_MANAGE,
                Permission.PROJECT_MANAGE,
                Permission.PROJECT_READ,
                Permission.TASK_CREATE,
                Permission.TASK_READ,
                Permission.TASK_UPDATE,
                Permission.TASK_DELETE,
                Permission.TASK_COMPLETE,
                Permission.COMMENT_CREATE,
                Permission.WEBHOOK_MANAGE,
                Permission.AUDIT_READ,
                Permission.JOB_MANAGE,
            }
        ),
        Role.ADMIN: frozenset(
            {
                Permission.USER_MANAGE,
                Permission.PROJECT_MANAGE,
                Permission.PROJECT_READ,
                Permission.TASK_CREATE,
                Permission.TASK_READ,
                Permission.TASK_UPDATE,
                Permission.TASK_DELETE,
                Permission.TASK_COMPLETE,
                Permission.COMMENT_CREATE,
                Permission.WEBHOOK_MANAGE,
                Permission.AUDIT_READ,
                Permission.JOB_MANAGE,
            }
        ),
        Role.MEMBER: frozenset(
            {
                Permission.PROJECT_READ,
                Permission.TASK_CREATE,
                Permission.TASK_READ,
                Permission.TASK_UPDATE,
                Permission.TASK_DELETE,
                Permission.TASK_COMPLETE,
                Permission.COMMENT_CREATE,
            }
        ),
        Role.VIEWER: frozenset(
            {
                Permission.PROJECT_READ,
                Permission.TASK_READ,
            }
        ),
    }
)

FOUNDER: Final = Role.OWNER
"""The role of whoever signs a tenant up; a tenant always keeps one person who has it."""

MANAGE_USERS: Final = Permission.USER_MANAGE
"""What it takes to invite people, change their roles and disable their accounts."""

MANAGE_TENANT: Final = Permission.TENANT_MANAGE
"""What it takes to rename the tenant and to change its time zone."""

READ_AUDIT: Final = Permission.AUDIT_READ
"""What it takes to read the audit trail."""

MANAGE_WEBHOOKS: Final = Permission.WEBHOOK_MANAGE
"""What it takes to have events delivered, and to see what became of deliveries."""

WATCH_RUNS: Final = Permission.JOB_MANAGE
"""What it takes to see how far runs of several jobs have come, and to cancel them."""

MANAGE_JOBS: Final = Permission.JOB_MANAGE
"""What it takes to see jobs, to run dead ones again and to cancel those that are not done."""
