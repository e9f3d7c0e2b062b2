"""Puts the handlers of accounts together: sign-up, sign-in, people, invitations."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from app.about import SERVICE
from app.authorization.dispatch import Dispatcher
from app.commands.accounts.accept_invitation import AcceptInvitation, AcceptInvitationHandler
from app.commands.accounts.invite_user import InviteUser, InviteUserHandler
from app.commands.accounts.refresh_session import RefreshSession, RefreshSessionHandler
from app.commands.accounts.revoke_invitation import RevokeInvitation, RevokeInvitationHandler
from app.commands.accounts.sign_in import SignIn, SignInHandler
from app.commands.accounts.sign_out import SignOut, SignOutHandler
from app.commands.accounts.sign_up import SignUp, SignUpHandler
from app.commands.accounts.update_user import UpdateUser, UpdateUserHandler
from app.core.clock import Clock
from app.core.settings import Settings
from app.db.engine import Database
from app.queries.accounts.get_invitation import GetInvitation, GetInvitationHandler
from app.queries.accounts.get_me import GetMe, GetMeHandler
from app.queries.accounts.get_user import GetUser, GetUserHandler
from app.queries.accounts.list_invitations import ListInvitations, ListInvitationsHandler
from app.queries.accounts.list_users import ListUsers, ListUsersHandler
from app.security.passwords import Passwords
from app.security.secrets import KeyedDigest
from app.security.tokens import AccessTokens
from app.services.authentication import Authentication
from app.services.invitations import InvitationRules
from app.services.known_sessions import KnownSessions
from app.services.sessions import SessionRules
from app.services.sign_in_guard import LockoutRules


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """What accounts are kept with, as the settings say."""

    database: Database
    clock: Clock
    passwords: Passwords
    addresses: KeyedDigest
    lockout: LockoutRules
    sessions: SessionRules
    check_interval: float
    invitations: InvitationRules

    @classmethod
    def of(cls, settings: Settings, database: Database, clock: Clock) -> Self:
        """Return the accounts of `database`."""
        return cls(
            database=database,
            clock=clock,
            passwords=Passwords(threads=settings.password_threads),
            addresses=KeyedDigest(settings.secret, purpose="sign-in"),
            lockout=_lockout(settings),
            sessions=_sessions(settings, clock),
            check_interval=settings.session_check_interval,
            invitations=InvitationRules(
                lifetime=timedelta(seconds=settings.invitation_lifetime),
                secrets=KeyedDigest(settings.secret, purpose="invitation"),
            ),
        )

    @property
    def authentication(self) -> Authentication:
        """Return what turns access tokens into actors."""
        known = KnownSessions(self.check_interval)
        return Authentication(self.database, self.sessions.tokens, known)

    def register(self, dispatcher: Dispatcher) -> None:
        """Register the handlers of accounts with `dispatcher`."""
        self._register_public(dispatcher)
        database = self.database
        dispatcher.register(SignOut, SignOutHandler(database, self.sessions))
        dispatcher.register(GetMe, GetMeHandler(database))
        dispatcher.register(GetUser, GetUserHandler(database))
        dispatcher.register(ListUsers, ListUsersHandler(database))
        dispatcher.register(UpdateUser, UpdateUserHandler(database))
        dispatcher.register(InviteUser, InviteUserHandler(database, self.invitations))
        dispatcher.register(GetInvitation, GetInvitationHandler(database))
        dispatcher.register(ListInvitations, ListInvitationsHandler(database))
        dispatcher.register(RevokeInvitation, RevokeInvitationHandler(database))

    def _register_public(self, dispatcher: Dispatcher) -> None:
        database, passwords = self.database, self.passwords
        sign_in = SignInHandler(database, passwords, self.addresses, self.lockout, self.sessions)
        dispatcher.register_public(SignUp, SignUpHandler(database, passwords))
        dispatcher.register_public(SignIn, sign_in)
        refresh = RefreshSessionHandler(database, self.sessions, self.clock)
        dispatcher.register_public(RefreshSession, refresh)
        dispatcher.register_public(AcceptInvitation, AcceptInvitationHandler(database, passwords))


def _lockout(settings: Settings) -> LockoutRules:
    return LockoutRules(
        failures=settings.lockout_failures,
        window=timedelta(seconds=settings.lockout_window),
        duration=timedelta(seconds=settings.lockout_duration),
    )


def _sessions(settings: Settings, clock: Clock) -> SessionRules:
    tokens = AccessTokens(
        settings.secret,
        issuer=settings.public_url,
        audience=SERVICE,
        lifetime=timedelta(seconds=settings.access_token_lifetime),
        clock=clock,
    )
    refresh_lifetime = timedelta(seconds=settings.refresh_token_lifetime)
    return SessionRules(tokens=tokens, refresh_lifetime=refresh_lifetime)
