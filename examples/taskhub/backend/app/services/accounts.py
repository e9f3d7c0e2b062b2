"""How people come to have accounts: by signing a tenant up, or by an invitation."""

from dataclasses import dataclass

from loguru import logger

from app.authorization.actor import Actor
from app.authorization.permissions import FOUNDER
from app.core.errors import InvalidReferenceError
from app.core.ids import TenantId
from app.db.transactions import Transaction
from app.events.accounts import TenantCreated, UserJoined
from app.events.outbox import Outbox
from app.models.email import email_key
from app.models.invitation import Invitation
from app.models.role import Role
from app.models.tenant import Tenant
from app.models.user import User
from app.repositories.invitations import InvitationRepository
from app.repositories.tenants import OwnTenantRepository
from app.repositories.users import UserRepository
from app.schemas.auth import SignUpInput
from app.schemas.invitations import InvitationAcceptance
from app.security.secrets import digest_of
from app.services.audit import AuditTrail


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """A person and the tenant they belong to."""

    user: User
    tenant: Tenant


class AccountService:
    """Makes the accounts of one tenant, within one transaction."""

    def __init__(self, transaction: Transaction, tenant_id: TenantId) -> None:
        self._transaction = transaction
        self._tenant_id = tenant_id
        self._tenants = OwnTenantRepository(transaction)
        self._users = UserRepository(transaction)
        self._invitations = InvitationRepository(transaction)
        self._outbox = Outbox(transaction)

    async def found(self, body: SignUpInput, password_hash: str) -> Membership:
        """Create the tenant with its first person.

        Raises:
            UniqueConflictError: If the address has an account already.
        """
        tenant = await self._tenants.insert(
            body.tenant_name, body.time_zone, tenant_id=self._tenant_id
        )
        user = await self._create(body.email, body.name, FOUNDER, password_hash)
        audit = self._audit(user)
        await audit.record("tenant.create", "tenant", tenant.id, after=tenant)
        await self._outbox.add(TenantCreated.of(tenant))
        await self._joined(user, audit)
        return Membership(user=user, tenant=tenant)

    async def accept(self, body: InvitationAcceptance, password_hash: str) -> User:
        """Let the person who holds the secret of an invitation join, once.

        Raises:
            InvalidReferenceError: If the invitation is unknown, used, revoked or expired.
            UniqueConflictError: If the address has an account already.
        """
        token_hash = digest_of(body.token.get_secret_value())
        # One after the other: a handle that was free must still be when it is taken.
        await self._tenants.lock(tenant_id=self._tenant_id)
        invitation = await self._invitations.acceptable(token_hash, tenant_id=self._tenant_id)
        if invitation is None:
            raise refused_invitation()
        user = await self._create(invitation.email, body.name, invitation.role, password_hash)
        audit = self._audit(user)
        await self._close(invitation, audit)
        await self._joined(user, audit)
        return user

    async def _create(self, email: str, name: str, role: Role, password_hash: str) -> User:
        values = {
            "email": email,
            "email_key": email_key(email),
            "name": name,
            "handle": await self._users.free_handle(name, tenant_id=self._tenant_id),
            "role": role,
            "password_hash": password_hash,
        }
        return await self._users.insert(values, tenant_id=self._tenant_id)

    async def _close(self, invitation: Invitation, audit: AuditTrail) -> None:
        accepted = await self._invitations.update(
            invitation, {"accepted_at": self._transaction.now}, tenant_id=self._tenant_id
        )
        await audit.record(
            "invitation.accept", "invitation", invitation.id, before=invitation, after=accepted
        )

    async def _joined(self, user: User, audit: AuditTrail) -> None:
        await audit.record("user.create", "user", user.id, after=user)
        await self._outbox.add(UserJoined.of(user))
        logger.bind(event="user_joined", account_id=str(user.id), role=str(user.role)).info(
            "user joined"
        )

    def _audit(self, user: User) -> AuditTrail:
        actor = Actor(user_id=user.id, tenant_id=user.tenant_id, role=user.role)
        return AuditTrail(self._transaction, actor)


def refused_invitation() -> InvalidReferenceError:
    """Return the one answer to a secret that opens no invitation, whatever the cause."""
    return InvalidReferenceError("#/token")
