"""accounts-1: tenants, people and invitations, and the operations on them."""

from dataclasses import dataclass, replace
from typing import Final

from tospec.model import Auth, Field, FieldType, Kind, Operation
from tospec.source import Span
from tospec.syntax.conventions.data_1 import added_fields

NAME: Final = "accounts-1"
LAST_OWNER: Final = "LAST_OWNER"
DEFAULTS: Final = {
    "access_token": 15 * 60,
    "refresh_token": 30 * 86_400,
    "lockout_failures": 5,
    "lockout_within": 15 * 60,
    "lockout_for": 15 * 60,
    "invitation_expires": 7 * 86_400,
}
PASSWORD_LENGTH: Final = (12, 128)
_LONGEST_NAME: Final = 120
_LONGEST_EMAIL: Final = 254
_LONGEST_ZONE: Final = 64


@dataclass(frozen=True, slots=True)
class _Route:
    """An operation on accounts: name, method, path, entity, whether it manages users, is public."""

    name: str
    method: str
    path: str
    entity: str
    view: str | None = None
    manages: bool = False
    public: bool = False


ME: Final = "MeView"
"""The view of who is signed in."""
ME_PARTS: Final = (("user", "MembershipUserView"), ("tenant", "TenantView"))
ME_TEXTS: Final = ("permissions",)
_ROUTES: Final = (
    _Route("SignUp", "POST", "/v1/auth/sign-up", "Tenant", public=True),
    _Route("SignIn", "POST", "/v1/auth/sign-in", "User", public=True),
    _Route("RefreshToken", "POST", "/v1/auth/refresh", "User", public=True),
    _Route("SignOut", "POST", "/v1/auth/sign-out", "User"),
    _Route("GetMe", "GET", "/v1/me", "User", ME),
    _Route("InviteUser", "POST", "/v1/invitations", "Invitation", "InvitationView", manages=True),
    _Route(
        "ListInvitations", "GET", "/v1/invitations", "Invitation", "InvitationView", manages=True
    ),
    _Route(
        "GetInvitation",
        "GET",
        "/v1/invitations/{invitation}",
        "Invitation",
        "InvitationView",
        manages=True,
    ),
    _Route(
        "RevokeInvitation", "DELETE", "/v1/invitations/{invitation}", "Invitation", manages=True
    ),
    _Route(
        "AcceptInvitation",
        "POST",
        "/v1/invitations/accept",
        "Invitation",
        "UserView",
        public=True,
    ),
    _Route("ListUsers", "GET", "/v1/users", "User", "UserView"),
    _Route("GetUser", "GET", "/v1/users/{user}", "User", "UserView"),
    _Route("UpdateUser", "PATCH", "/v1/users/{user}", "User", "UserView", manages=True),
)
_OF_TENANTS: Final = (
    _Route("GetTenant", "GET", "/v1/tenant", "Tenant", "TenantDetail"),
    _Route("UpdateTenant", "PATCH", "/v1/tenant", "Tenant", "TenantDetail"),
)
"""Operations that there are if somebody may manage the tenant."""
_KEPT: Final = ("created_at", "updated_at")
VIEWS: Final = {
    "TenantView": ("Tenant", ("id", "name")),
    "MembershipUserView": ("User", ("id", "email", "name", "handle", "role")),
    "UserView": ("User", ("id", "email", "name", "handle", "role", "disabled", *_KEPT, "version")),
    "TenantDetail": ("Tenant", ("id", "name", "time_zone", *_KEPT, "version")),
    "InvitationView": (
        "Invitation",
        ("id", "email", "role", "invited_by_id", "expires_at", "created_at"),
    ),
}


def entity_fields(roles: tuple[str, ...], span: Span) -> dict[str, tuple[Field, ...]]:
    """Return the fields of the entities that the convention brings, by entity."""
    return {
        "Tenant": _complete(_tenant_fields(span), span, optimistic=True),
        "User": _complete(_user_fields(roles, span), span, optimistic=True),
        "Invitation": _complete(_invitation_fields(roles, span), span),
    }


def _complete(
    fields: tuple[Field, ...], span: Span, *, optimistic: bool = False
) -> tuple[Field, ...]:
    first, last = added_fields(span, optimistic=optimistic)
    return (*first, *fields, *last)


def _tenant_fields(span: Span) -> tuple[Field, ...]:
    zone = replace(
        _text("time_zone", _LONGEST_ZONE, span),
        default="UTC",
        has_default=True,
        description="Whose hours it goes by: an IANA name such as `Europe/Berlin`.",
    )
    return (_text("name", _LONGEST_NAME, span), zone)


def _user_fields(roles: tuple[str, ...], span: Span) -> tuple[Field, ...]:
    return (
        _email(span),
        _text("name", _LONGEST_NAME, span),
        Field(
            name="handle",
            type=FieldType.SLUG,
            span=span,
            length=(1, _LONGEST_NAME),
            managed=True,
            description="Short name, unique in the tenant; others mention it with @.",
            origin=NAME,
        ),
        _role(roles, span),
        Field(
            name="disabled",
            type=FieldType.BOOL,
            span=span,
            default=False,
            has_default=True,
            description="Whether the person may not sign in.",
            origin=NAME,
        ),
    )


def _invitation_fields(roles: tuple[str, ...], span: Span) -> tuple[Field, ...]:
    inviting = Field(
        name="invited_by_id",
        type=FieldType.UUID,
        span=span,
        managed=True,
        description="Who invited the person.",
        origin=NAME,
    )
    expires = Field(
        name="expires_at",
        type=FieldType.TIMESTAMP,
        span=span,
        managed=True,
        description="When the invitation can no longer be accepted.",
        origin=NAME,
    )
    return (_email(span), _role(roles, span), inviting, expires)


def _text(name: str, longest: int, span: Span) -> Field:
    return Field(name=name, type=FieldType.STRING, span=span, length=(1, longest), origin=NAME)


def _email(span: Span) -> Field:
    length = (3, _LONGEST_EMAIL)
    return Field(name="email", type=FieldType.EMAIL, span=span, length=length, origin=NAME)


def _role(roles: tuple[str, ...], span: Span) -> Field:
    return Field(name="role", type=FieldType.ENUM, span=span, values=roles, origin=NAME)


def operations(auth: Auth) -> tuple[Operation, ...]:
    """Return the operations on accounts."""
    return tuple(
        Operation(
            name=route.name,
            kind=Kind.ACCOUNT,
            entity=route.entity,
            method=route.method,
            path=route.path,
            permission=_permission(route, auth),
            view=route.view,
            requirements=auth.requirements,
            span=auth.span,
            public=route.public,
            origin=NAME,
        )
        for route in (*_ROUTES, *(_OF_TENANTS if auth.manage_tenant else ()))
    )


def _permission(route: _Route, auth: Auth) -> str | None:
    if route.name == "UpdateTenant":
        return auth.manage_tenant
    return auth.manage_users if route.manages else None
