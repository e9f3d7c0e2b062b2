"""Routes, one module for each resource."""

from typing import Final

from app.api.routes import (
    attachments,
    audit_entries,
    auth,
    comments,
    inbox,
    invitations,
    jobs,
    labels,
    projects,
    runs,
    tasks,
    tenants,
    users,
    webhooks,
)
from app.api.routing import Router

ACCOUNT_ROUTERS: Final[tuple[Router, ...]] = (
    auth.router,
    users.router,
    invitations.router,
    tenants.router,
    audit_entries.router,
    jobs.router,
    runs.router,
    webhooks.router,
    inbox.router,
)

DOMAIN_ROUTERS: Final[tuple[Router, ...]] = (
    projects.router,
    labels.router,
    tasks.router,
    comments.router,
    attachments.router,
)
