"""Sign in with e-mail address and password."""

from dataclasses import dataclass
from uuid import UUID

from loguru import logger

from app.authorization.dispatch import PublicMessage
from app.core.context import current_context
from app.core.errors import UnauthenticatedError
from app.core.inputs import Payload
from app.db.engine import Database
from app.models.email import email_key
from app.repositories.account_lookup import AccountLookup, Credentials
from app.repositories.users import UserRepository
from app.schemas.auth import SignInInput
from app.security.passwords import Passwords
from app.security.secrets import KeyedDigest
from app.services.sessions import SessionRules, SessionService, TokenPair
from app.services.sign_in_guard import LockoutRules, SignInGuard


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn(PublicMessage[TokenPair]):
    """Begin a sign-in."""

    body: Payload[SignInInput]


class SignInHandler:
    """Carries out `SignIn`.

    The same is done, and the same is answered, whether the address has no account, the
    password is wrong or the account is disabled. No connection is held while the
    password is being checked.
    """

    def __init__(
        self,
        database: Database,
        passwords: Passwords,
        addresses: KeyedDigest,
        lockout: LockoutRules,
        sessions: SessionRules,
    ) -> None:
        self._database = database
        self._passwords = passwords
        self._addresses = addresses
        self._lockout = lockout
        self._sessions = sessions

    async def __call__(self, command: SignIn) -> TokenPair:
        """Run `command`.

        Raises:
            TooManyAttemptsError: If the account is locked.
            UnauthenticatedError: If address and password do not go together.
        """
        body = command.body.value
        password = body.password.get_secret_value()
        attempt_id, found = await self._admit(email_key(body.email))
        matches = await self._passwords.verify(found.password_hash if found else None, password)
        accepted = found if found is not None and matches and not found.disabled else None
        async with self._database.begin_accounts() as transaction:
            guard = SignInGuard(transaction, self._lockout)
            await guard.settle(attempt_id, succeeded=accepted is not None)
        if accepted is None:
            raise _refused(found)
        return await self._start(accepted, password)

    async def _admit(self, key: str) -> tuple[UUID, Credentials | None]:
        async with self._database.begin_accounts() as transaction:
            guard = SignInGuard(transaction, self._lockout)
            attempt_id = await guard.admit(self._addresses.of(key))
            return attempt_id, await AccountLookup(transaction).credentials(key)

    async def _start(self, account: Credentials, password: str) -> TokenPair:
        renewed = None
        if self._passwords.is_outdated(account.password_hash):
            renewed = await self._passwords.hash(password)
        async with self._database.begin(account.tenant_id) as transaction:
            if renewed is not None:
                users = UserRepository(transaction)
                await users.renew_password_hash(
                    account.user_id, renewed, tenant_id=account.tenant_id
                )
            sessions = SessionService(transaction, self._sessions, account.tenant_id)
            pair = await sessions.start(account.user_id)
        if (context := current_context()) is not None:
            context.identify(tenant_id=account.tenant_id, user_id=account.user_id)
        logger.bind(event="sign_in", outcome="succeeded").info("signed in")
        return pair


def _refused(found: Credentials | None) -> UnauthenticatedError:
    account_id = None if found is None else str(found.user_id)
    logger.bind(event="sign_in", outcome="failed", account_id=account_id).warning("sign-in refused")
    return UnauthenticatedError()
