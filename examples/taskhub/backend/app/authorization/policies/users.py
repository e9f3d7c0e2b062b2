"""Who may manage whom: nobody hands out, or takes away, more than they hold."""

from app.authorization.actor import Actor
from app.authorization.permissions import ROLE_PERMISSIONS
from app.models.role import Role
from app.models.user import User


def may_grant(actor: Actor, role: Role) -> bool:
    """Return whether `actor` holds every permission that `role` brings."""
    return ROLE_PERMISSIONS[role] <= ROLE_PERMISSIONS[actor.role]


def may_manage(actor: Actor, user: User) -> bool:
    """Return whether `actor` may change the account of `user`."""
    return may_grant(actor, user.role)
