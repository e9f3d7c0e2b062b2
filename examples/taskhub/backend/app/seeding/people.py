"""The people of an example tenant: one of every role, who join as people do."""

import secrets
import string
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import SecretStr

from app.accounts import Accounts
from app.authorization.actor import Actor
from app.authorization.permissions import FOUNDER, MANAGE_USERS, Role
from app.authorization.policies.users import may_grant
from app.core.ids import TenantId, new_id
from app.models.user import User
from app.schemas.auth import SignUpInput
from app.schemas.invitations import InvitationAcceptance, InvitationInput
from app.security.password_rules import MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH
from app.services.accounts import AccountService
from app.services.invitations import InvitationService

_SIGNS: Final = string.ascii_letters + string.digits
_PASSWORD_LENGTH: Final = 20
_FIRST_NAMES: Final = (
    """Ada Ben Cleo Dan Eva Finn Grace Hugo Ida Jan Kira Leo Mia
    Noah Olivia Paul Quinn Rosa Sam Tara Uma Vera Will Xenia Yara Zoe""",
    """Alma Boris Clara Dora Emil Fay Gus Hana Ivan Judy Karl Lena Max
    Nina Oscar Petra Quentin Rita Sven Tom Ulla Victor Wanda Xaver Yves Zara""",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who can sign in.

    Attributes:
        tenant: Name of their tenant.
    """

    actor: Actor
    tenant: str
    name: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Password:
    """A password and its hash, which is slow to make."""

    text: SecretStr
    hash: str


async def new_password(accounts: Accounts) -> Password:
    """Return a random password."""
    length = max(MIN_PASSWORD_LENGTH, min(_PASSWORD_LENGTH, MAX_PASSWORD_LENGTH))
    text = "".join(secrets.choice(_SIGNS) for _ in range(length))
    return Password(text=SecretStr(text), hash=await accounts.passwords.hash(text))


class Founding:
    """How a tenant and its people come to be.

    Args:
        accounts: What accounts are kept with.
        tenant: Name of the tenant.
        variant: Which first names its people have.
    """

    def __init__(self, accounts: Accounts, password: Password, tenant: str, variant: int) -> None:
        self._accounts = accounts
        self._database = accounts.database
        self._password = password
        self._tenant = tenant
        self._tenant_id = TenantId(new_id())
        self._names = {name[0]: name for name in _FIRST_NAMES[variant].split()}

    async def people(self) -> list[Person]:
        """Found the tenant; return one person of every role that somebody there may grant."""
        people = [await self._founder()]
        for role in Role:
            host = None if role is FOUNDER else _host(people, role)
            if host is not None:
                people.append(await self._guest(host.actor, role))
        return people

    async def _founder(self) -> Person:
        body = SignUpInput(
            tenant_name=self._tenant,
            name=self._name(FOUNDER),
            email=self._email(FOUNDER),
            password=self._password.text,
        )
        async with self._database.begin(self._tenant_id) as transaction:
            service = AccountService(transaction, self._tenant_id)
            return self._person((await service.found(body, self._password.hash)).user)

    async def _guest(self, host: Actor, role: Role) -> Person:
        invited = InvitationInput(email=self._email(role), role=role)
        async with self._database.begin(self._tenant_id) as transaction:
            service = InvitationService(transaction, host)
            issued = await service.invite(invited, self._accounts.invitations)
        accepted = InvitationAcceptance(
            token=SecretStr(issued.token), name=self._name(role), password=self._password.text
        )
        async with self._database.begin(self._tenant_id) as transaction:
            joining = AccountService(transaction, self._tenant_id)
            return self._person(await joining.accept(accepted, self._password.hash))

    def _person(self, user: User) -> Person:
        actor = Actor(user_id=user.id, tenant_id=user.tenant_id, role=user.role)
        return Person(actor=actor, tenant=self._tenant, name=user.name, email=user.email)

    def _name(self, role: Role) -> str:
        title = role.replace("_", " ").title()
        return f"{self._names[title[0]]} {title}"

    def _email(self, role: Role) -> str:
        local = self._name(role).lower().replace(" ", ".")
        return f"{local}@{self._tenant.lower()}.example"


def _host(people: Sequence[Person], role: Role) -> Person | None:
    """Return who may invite a person of `role`."""
    hosts = (each for each in people if each.actor.has(MANAGE_USERS))
    return next((host for host in hosts if may_grant(host.actor, role)), None)
