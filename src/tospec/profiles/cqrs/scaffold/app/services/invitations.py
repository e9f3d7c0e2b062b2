"""Business rules of invitations."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from app.authorization.actor import Actor
from app.authorization.decisions import require_object
from app.authorization.permissions import MANAGE_USERS
from app.authorization.policies.users import may_grant
from app.core.errors import UniqueConflictError
from app.core.ids import new_id
from app.db.transactions import Transaction
from app.events.accounts import UserInvited
from app.events.outbox import Outbox
from app.models.email import email_key
from app.models.invitation import Invitation
from app.repositories.invitations import OPEN, InvitationRepository
from app.repositories.users import UserRepository
from app.schemas.invitations import InvitationInput
from app.security.secrets import KeyedDigest, digest_of
from app.services.audit import AuditTrail


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationRules:
    """How long an invitation is valid, and how its secret is made from its id."""

    lifetime: timedelta
    secrets: KeyedDigest


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedInvitation:
    """A new invitation and the secret that accepts it, which is told only now."""

    invitation: Invitation
    token: str = field(repr=False)


class InvitationService:
    """What may happen to invitations."""

    def __init__(self, transaction: Transaction, actor: Actor) -> None:
        self._now = transaction.now
        self._actor = actor
        self._tenant_id = actor.tenant_id
        self._invitations = InvitationRepository(transaction)
        self._users = UserRepository(transaction)
        self._audit = AuditTrail(transaction, actor)
        self._outbox = Outbox(transaction)

    async def get_for_update(self, invitation_id: UUID) -> Invitation:
        """Return the open invitation, locked until the transaction ends.

        Raises:
            NotFoundError: If the tenant has no such open invitation.
        """
        return await self._invitations.get_for_update(
            invitation_id, tenant_id=self._tenant_id, visible=OPEN
        )

    async def invite(self, body: InvitationInput, rules: InvitationRules) -> IssuedInvitation:
        """Invite somebody; an earlier open invitation of the same address is revoked.

        Raises:
            PermissionDeniedError: If the role brings more than the actor holds.
            UniqueConflictError: If somebody in the tenant has the address.
        """
        require_object(
            may_grant(self._actor, body.role),
            actor=self._actor,
            action=f"{MANAGE_USERS} {body.role}",
            resource="tenant",
            resource_id=self._tenant_id,
        )
        key = email_key(body.email)
        if await self._users.has_email(key, tenant_id=self._tenant_id):
            raise UniqueConflictError(("email",))
        for earlier in await self._invitations.open_for(key, tenant_id=self._tenant_id):
            await self.revoke(earlier)
        issued = await self._issue(body, key, rules)
        invitation = issued.invitation
        await self._audit.record("invitation.create", "invitation", invitation.id, after=invitation)
        await self._outbox.add(UserInvited.of(invitation))
        return issued

    async def revoke(self, invitation: Invitation) -> None:
        """Take an open invitation back."""
        revoked = await self._invitations.update(
            invitation, {"revoked_at": self._now}, tenant_id=self._tenant_id
        )
        await self._audit.record(
            "invitation.revoke", "invitation", invitation.id, before=invitation, after=revoked
        )

    async def _issue(
        self, body: InvitationInput, key: str, rules: InvitationRules
    ) -> IssuedInvitation:
        invitation_id = new_id()
        token = rules.secrets.of(str(invitation_id))
        values = {
            "id": invitation_id,
            "email": body.email,
            "email_key": key,
            "role": body.role,
            "token_hash": digest_of(token),
            "invited_by_id": self._actor.user_id,
            "expires_at": self._now + rules.lifetime,
        }
        stored = await self._invitations.insert(values, tenant_id=self._tenant_id)
        return IssuedInvitation(invitation=stored, token=token)
