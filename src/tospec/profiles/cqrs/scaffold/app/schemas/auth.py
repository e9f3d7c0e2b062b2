"""Wire format of sign-up, sign-in and sessions."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, SecretStr

from app.core.zones import UTC_NAME
from app.models.role import Role
from app.models.tenant import MAX_TENANT_NAME
from app.models.user import MAX_USER_NAME
from app.schemas.base import Input, View
from app.schemas.fields import Email, TimeZone
from app.security.password_rules import MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH

PersonName = Annotated[str, Field(min_length=1, max_length=MAX_USER_NAME)]
"""What a person is called."""

NewPassword = Annotated[
    SecretStr, Field(min_length=MIN_PASSWORD_LENGTH, max_length=MAX_PASSWORD_LENGTH)
]
"""A password to be set; taken exactly as it is sent, counted in code points."""

Token = Annotated[SecretStr, Field(min_length=1, max_length=200)]
"""A secret that this service handed out."""


class SignUpInput(Input):
    """What a client sends to sign a tenant up."""

    tenant_name: Annotated[str, Field(min_length=1, max_length=MAX_TENANT_NAME)]
    name: PersonName
    email: Email
    password: NewPassword
    time_zone: TimeZone = UTC_NAME


class SignInInput(Input):
    """What a client sends to sign in."""

    email: Email
    password: Annotated[SecretStr, Field(min_length=1, max_length=MAX_PASSWORD_LENGTH)]


class RefreshInput(Input):
    """What a client sends to stay signed in."""

    refresh_token: Token


class TokenView(View):
    """The tokens of one sign-in."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105  # the kind of a token, not one
    expires_in: int
    refresh_token: str


class TenantView(View):
    """A tenant."""

    id: UUID
    name: str


class MembershipUserView(View):
    """A person, as they see themselves."""

    id: UUID
    email: str
    name: str
    handle: str
    role: Role


class MembershipView(View):
    """A person and the tenant they belong to."""

    user: MembershipUserView
    tenant: TenantView


class MeView(MembershipView):
    """Who is signed in, and what they may do."""

    permissions: list[str]
