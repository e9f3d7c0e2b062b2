"""Authorization decisions. Each one is recorded: refusals at once, the rest with the request."""

from uuid import UUID

from loguru import logger

from app.authorization.actor import Actor
from app.authorization.permissions import Permission
from app.core.context import current_context
from app.core.errors import PermissionDeniedError


def require(actor: Actor, permission: Permission) -> None:
    """Let pass an actor whose role holds `permission`.

    Raises:
        PermissionDeniedError: If it does not.
    """
    if not actor.has(permission):
        _refuse(actor, str(permission))
    _record(f"allow {permission}")


def require_object(
    allowed: bool,
    *,
    actor: Actor,
    action: str,
    resource: str,
    resource_id: UUID,
) -> None:
    """Let pass what a policy allowed on an object that the actor may read.

    Args:
        allowed: What the policy decided.
        actor: Who asks.
        action: The permission or the action, such as `task:update`.
        resource: Name of the entity, such as `task`.
        resource_id: Which one.

    Raises:
        PermissionDeniedError: If `allowed` is false.
    """
    if not allowed:
        _refuse(actor, action, resource=resource, resource_id=str(resource_id))
    _record(f"allow {action} {resource}/{resource_id}")


def log_cross_tenant_attempt(actor: Actor, *, resource: str, resource_id: UUID) -> None:
    """Record that `actor` asked for an object that another tenant has."""
    logger.bind(
        event="cross_tenant_attempt",
        resource=resource,
        resource_id=str(resource_id),
        role=str(actor.role),
    ).warning("cross-tenant attempt")


def _refuse(actor: Actor, action: str, **details: str) -> None:
    logger.bind(event="authorization", decision="deny", action=action, role=str(actor.role)).bind(
        **details
    ).warning("authorization denied")
    raise PermissionDeniedError


def _record(decision: str) -> None:
    context = current_context()
    if context is None:
        logger.bind(event="authorization", decision=decision).info("authorization allowed")
    elif decision not in context.decisions:
        context.decisions.append(decision)
