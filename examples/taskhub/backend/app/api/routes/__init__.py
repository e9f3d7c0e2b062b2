"""Routes, one module for each resource."""

from typing import Final

from app.api.routes import (
    attachments,
    audit_entries,
    auth,
    comments,
    invitations,
    jobs,
    labels,
    projects,
    tasks,
    users,
    webhooks,
)
from app.api.routing import Router

ACCOUNT_ROUTERS: Final[tuple[Router, ...]] = (
    auth.router,
    users.router,
    invitations.router,
    audit_entries.router,
    jobs.router,
    webhooks.router,
)

DOMAIN_ROUTERS: Final[tuple[Router, ...]] = (
    projects.router,
    labels.router,
    tasks.router,
    comments.router,
    attachments.router,
)
