"""Join a tenant by an invitation."""

from dataclasses import dataclass

from app.authorization.dispatch import PublicMessage
from app.core.inputs import Payload
from app.db.engine import Database
from app.models.user import User
from app.repositories.account_lookup import AccountLookup
from app.schemas.invitations import InvitationAcceptance
from app.security.passwords import Passwords
from app.security.secrets import digest_of
from app.services.accounts import AccountService, refused_invitation


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptInvitation(PublicMessage[User]):
    """Make an account for whoever holds the secret of an invitation."""

    body: Payload[InvitationAcceptance]


class AcceptInvitationHandler:
    """Carries out `AcceptInvitation`."""

    def __init__(self, database: Database, passwords: Passwords) -> None:
        self._database = database
        self._passwords = passwords

    async def __call__(self, command: AcceptInvitation) -> User:
        """Run `command`.

        Raises:
            InvalidReferenceError: If the secret opens no invitation.
        """
        body = command.body.value
        token_hash = digest_of(body.token.get_secret_value())
        async with self._database.begin_accounts(read_only=True) as transaction:
            tenant_id = await AccountLookup(transaction).invitation(token_hash)
        if tenant_id is None:
            raise refused_invitation()
        password_hash = await self._passwords.hash(body.password.get_secret_value())
        async with self._database.begin(tenant_id) as transaction:
            return await AccountService(transaction, tenant_id).accept(body, password_hash)
