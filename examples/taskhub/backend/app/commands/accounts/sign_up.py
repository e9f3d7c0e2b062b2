"""Sign a tenant up with its first person."""

from dataclasses import dataclass

from app.authorization.dispatch import PublicMessage
from app.core.ids import TenantId, new_id
from app.core.inputs import Payload
from app.db.engine import Database
from app.schemas.auth import SignUpInput
from app.security.passwords import Passwords
from app.services.accounts import AccountService, Membership


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUp(PublicMessage[Membership]):
    """Create a tenant and its first account."""

    body: Payload[SignUpInput]


class SignUpHandler:
    """Carries out `SignUp` in one transaction."""

    def __init__(self, database: Database, passwords: Passwords) -> None:
        self._database = database
        self._passwords = passwords

    async def __call__(self, command: SignUp) -> Membership:
        """Run `command`."""
        body = command.body.value
        password_hash = await self._passwords.hash(body.password.get_secret_value())
        tenant_id = TenantId(new_id())
        async with self._database.begin(tenant_id) as transaction:
            return await AccountService(transaction, tenant_id).found(body, password_hash)
