"""Accounts that a case makes for itself, by the operations of convention accounts-1."""

import secrets
from dataclasses import dataclass, field
from typing import Any, Final

from tospec.model import Auth, Operation, System
from tospec.verify.base import NOTHING, Answer, Json, Person, Stage, Unavailable
from tospec.verify.probes.judging import shown, succeeded
from tospec.verify.probes.routes import filled

CONVENTION: Final = "accounts-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Somebody who founded a tenant of their own."""

    email: str
    password: str = field(repr=False)
    user_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What a sign-in gave."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)


def auth_of(system: System) -> Auth | None:
    """Return how people sign in, where the convention says by which operations."""
    return system.auth if system.has(CONVENTION) else None


def named(system: System, name: str) -> Operation:
    """Return the operation with a name.

    Raises:
        Unavailable: If there is none.
    """
    for operation in system.operations:
        if operation.name == name:
            return operation
    message = f"the system has no operation {name}"
    raise Unavailable(message)


def member(json: Any, *path: str) -> str:
    """Return a text inside a JSON value; empty when there is none."""
    for name in path:
        json = json.get(name) if isinstance(json, dict) else None
    return json if isinstance(json, str) else ""


def new_email() -> str:
    """Return an address that nobody has."""
    return f"verify-{secrets.token_hex(8)}@verify.example.com"


@dataclass(frozen=True, slots=True)
class Accounts:
    """Sign-ups, sign-ins and sessions on a stage."""

    stage: Stage

    def password(self) -> str:
        """Return a password that follows the rules."""
        auth = self.stage.system.auth
        least, most = auth.password_length if auth else (24, 24)
        return secrets.token_urlsafe(most)[: min(max(least, 24), most)]

    def sign_up(self, *, password: str | None = None) -> Account:
        """Found a tenant.

        Raises:
            Unavailable: If the target does not let anybody.
        """
        chosen = self.password() if password is None else password
        email = new_email()
        answer = self.founded(email=email, password=chosen)
        if not succeeded(answer):
            message = f"signing up was answered by {shown(answer)}"
            raise Unavailable(message)
        user = member(answer.json, "user", "id") or member(answer.json, "id")
        return Account(email=email, password=chosen, user_id=user)

    def founded(self, *, email: str, password: str, **more: Json) -> Answer:
        """Ask to found a tenant."""
        body = {
            "tenant_name": "tospec verify",
            "name": "Founder",
            "email": email,
            "password": password,
            **more,
        }
        return self.call("SignUp", body)

    def sign_in(self, account: Account, *, password: str | None = None) -> Answer:
        """Ask to sign in."""
        chosen = account.password if password is None else password
        return self.call("SignIn", {"email": account.email, "password": chosen})

    def session(self, account: Account) -> Session:
        """Sign in.

        Raises:
            Unavailable: If that fails.
        """
        return session_of(self.sign_in(account))

    def refresh(self, token: str) -> Answer:
        """Ask for new tokens."""
        return self.call("RefreshToken", {"refresh_token": token})

    def me(self, token: str) -> Answer:
        """Ask who an access token stands for."""
        return self.call("GetMe", token=token)

    def call(
        self,
        name: str,
        body: Json = NOTHING,
        *,
        token: str | None = None,
        id_: str = "",
        person: Person | None = None,
        **headers: str,
    ) -> Answer:
        """Ask for an operation of the convention."""
        operation = named(self.stage.system, name)
        sent = {key.replace("_", "-"): value for key, value in headers.items()}
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        path = filled(operation.path, *([id_] if id_ else []))
        return self.stage.send(person, operation.method, path, headers=sent, body=body)


def session_of(answer: Answer) -> Session:
    """Return the tokens in an answer.

    Raises:
        Unavailable: If there are none.
    """
    access = member(answer.json, "access_token")
    refresh = member(answer.json, "refresh_token")
    if not access or not refresh:
        message = f"the tokens were answered by {shown(answer)}"
        raise Unavailable(message)
    return Session(access=access, refresh=refresh)
