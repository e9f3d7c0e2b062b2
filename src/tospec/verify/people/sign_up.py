"""People by the sign-up flow of accounts-1: found a tenant, invite, accept, sign in.

The founder of a tenant is its first person of the role that signing up gives. Everybody else is
invited by the founder; the answer to the invitation must hold its token, since mail is out of
reach.
"""

import secrets as random_secrets
import string
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any, Final

from tospec.model.operations import Kind
from tospec.model.system import Auth, System
from tospec.verify.base import Answer, Json, Person, Request, Unavailable
from tospec.verify.people.identity import Send, text_of
from tospec.verify.people.source import Grant, person_name, tenant_letter
from tospec.verify.wire.exchange import is_success
from tospec.verify.wire.secrets import Secrets

_LONGEST_WAIT: Final = 30.0
_ATTEMPTS: Final = 3
_TOO_MANY: Final = 429
_UNKNOWN: Final = 401
_PASSWORD_LENGTH: Final = 24
_ADVICE: Final = "give credentials by --credentials or --credentials-command"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Account:
    email: str
    password: str


class SignUpSource:
    """Makes people by the operations of accounts-1.

    Args:
        system: A system that adopted accounts-1.
        auth: Its rules about accounts.
        send: Sends a request on the calling thread's connection.
        secrets: Where passwords are made known before they are sent.
    """

    def __init__(self, system: System, auth: Auth, send: Send, secrets: Secrets) -> None:
        self._auth = auth
        self._system = system
        self._send = send
        self._secrets = secrets
        self._run = random_secrets.token_hex(4)
        self._founders: dict[int, Grant | str] = {}
        self._accounts: dict[Person, _Account] = {}
        self._lock = Lock()

    def grant(self, role: str, tenant: int, number: int) -> Grant:
        """Return somebody new; the founder of a tenant is asked to invite them."""
        if tenant and self._system.tenancy is None:
            message = "the system has no tenants, so there is no second one"
            raise Unavailable(message)
        founder = self._founder(tenant)
        if role == self._auth.sign_up_role and number == 0:
            return founder
        return self._invited(founder, role, tenant, number)

    def renew(self, grant: Grant) -> Grant:
        """Return the person with new tokens, by the refresh token or else by signing in again."""
        answer = self._call("RefreshToken", {"refresh_token": grant.renewal})
        if is_success(answer) and isinstance(answer.json, Mapping):
            return self._granted(grant.person, answer.json)
        return self._signed_in(grant.person)

    def account(self, person: Person) -> Mapping[str, str]:
        """Return what a person sends to sign in.

        Raises:
            Unavailable: If the person was not made here.
        """
        account = self._accounts.get(person)
        if account is None:
            message = f"{person.name} has no password that is known here"
            raise Unavailable(message)
        return {"email": account.email, "password": account.password}

    def _founder(self, tenant: int) -> Grant:
        with self._lock:
            if tenant not in self._founders:
                try:
                    self._founders[tenant] = self._found(tenant)
                except Unavailable as refusal:
                    self._founders[tenant] = str(refusal)
            found = self._founders[tenant]
        if isinstance(found, str):
            raise Unavailable(found)
        return found

    def _found(self, tenant: int) -> Grant:
        person = self._new_person(self._auth.sign_up_role, tenant, 0)
        account = self._new_account(person)
        body = {
            "tenant_name": f"tospec verify {self._run} {tenant_letter(tenant)}",
            "name": person.name,
            "email": account.email,
            "password": account.password,
        }
        answer = self._required("SignUp", body)
        told = answer.json
        known = replace(
            person,
            user_id=text_of(told, "user", "id"),
            tenant_id=text_of(told, "tenant", "id"),
        )
        self._accounts[known] = account
        return self._signed_in(known)

    def _invited(self, founder: Grant, role: str, tenant: int, number: int) -> Grant:
        person = self._new_person(role, tenant, number)
        account = self._new_account(person)
        invitation = self._invitation(founder, {"email": account.email, "role": role})
        token = text_of(invitation.json, "token")
        if token is None:
            message = f"the answer to InviteUser holds no token to accept it with; {_ADVICE}"
            raise Unavailable(message)
        self._secrets.add(token, f"{person.name}-invitation")
        body = {"token": token, "name": person.name, "password": account.password}
        told = self._required("AcceptInvitation", body).json
        user_id = text_of(told, "id") or text_of(told, "user", "id")
        known = replace(person, user_id=user_id, tenant_id=founder.person.tenant_id)
        self._accounts[known] = account
        return self._signed_in(known)

    def _invitation(self, founder: Grant, body: Json) -> Answer:
        """Invite somebody; a founder whose credentials have expired signs in again."""
        answer = self._call("InviteUser", body, founder.headers)
        if answer.status != _UNKNOWN:
            return _succeeded("InviteUser", answer)
        renewed = self._signed_in(founder.person)
        with self._lock:
            self._founders[founder.person.tenant] = renewed
        return self._required("InviteUser", body, renewed.headers)

    def _signed_in(self, person: Person) -> Grant:
        answer = self._required("SignIn", self.account(person))
        if not isinstance(answer.json, Mapping):
            message = f"signing {person.name} in gave {answer.status} without a JSON object"
            raise Unavailable(message)
        return self._granted(person, answer.json)

    def _granted(self, person: Person, told: Mapping[str, Json]) -> Grant:
        token = text_of(told, "access_token")
        if token is None:
            message = f"signing {person.name} in gave no access_token; {_ADVICE}"
            raise Unavailable(message)
        return Grant(
            person=person,
            headers={"authorization": f"Bearer {token}"},
            lifetime=_seconds(told.get("expires_in")) or float(self._auth.access_token),
            renewal=text_of(told, "refresh_token") or "",
        )

    def _required(
        self, operation: str, body: Json, headers: Mapping[str, str] | None = None
    ) -> Answer:
        return _succeeded(operation, self._call(operation, body, headers))

    def _call(self, operation: str, body: Json, headers: Mapping[str, str] | None = None) -> Answer:
        """Send, and again when the target says that it was too fast and for how long."""
        method, path = self._route(operation)
        request = Request(method=method, path=path, body=body)
        answer = self._send(request, headers or {})
        for _ in range(_ATTEMPTS - 1):
            wait = _retry_after(answer)
            if wait is None:
                break
            time.sleep(wait)
            answer = self._send(request, headers or {})
        return answer

    def _route(self, name: str) -> tuple[str, str]:
        for operation in self._system.operations:
            if operation.kind is Kind.ACCOUNT and operation.name == name:
                return operation.method, operation.path
        message = f"the system has no operation {name}; {_ADVICE}"
        raise Unavailable(message)

    def _new_person(self, role: str, tenant: int, number: int) -> Person:
        name = person_name(role, tenant, number)
        return Person(name=name, role=role, tenant=tenant, number=number)

    def _new_account(self, person: Person) -> _Account:
        letters = string.ascii_letters + string.digits
        least, most = self._auth.password_length
        length = min(max(least, _PASSWORD_LENGTH), most)
        password = "".join(random_secrets.choice(letters) for _ in range(length))
        self._secrets.add(password, f"{person.name}-password")
        local = f"{person.role}-{person.number}-{tenant_letter(person.tenant)}-{self._run}"
        return _Account(email=f"{local}@verify.example.com", password=password)


def _succeeded(operation: str, answer: Answer) -> Answer:
    if not is_success(answer):
        said = answer.fault or f"{answer.status} {_code(answer.json)}".strip()
        message = f"{operation} was answered by {said}; without it there are no people"
        raise Unavailable(message)
    return answer


def _retry_after(answer: Answer) -> float | None:
    """Return for how long to wait before trying again; None if that makes no sense."""
    seconds = answer.headers.get("retry-after", "")
    if answer.status != _TOO_MANY or not (seconds.isascii() and seconds.isdigit()):
        return None
    wait = float(seconds)
    return wait if wait <= _LONGEST_WAIT else None


def _seconds(value: Any) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and value > 0 else None


def _code(json: Any) -> str:
    return (text_of(json, "code") or "")[:60]
