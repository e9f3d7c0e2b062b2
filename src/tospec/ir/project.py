"""What a backend is called, who may do what in it, and how it is configured."""

from dataclasses import dataclass

from tospec.ir.schemas import Member


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a service is called.

    Attributes:
        service: Name for machines.
        title: Name for people.
    """

    service: str
    title: str
    version: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """What a role may allow.

    Attributes:
        name: On the wire: `task:update`.
        roles: Roles that hold it.
    """

    name: str
    roles: tuple[str, ...]
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Roles and the permissions that they hold."""

    roles: tuple[str, ...]
    permissions: tuple[Permission, ...]
    requirements: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A value that may differ between two installations.

    Attributes:
        variable: Environment variable.
        member: What it looks like; its name is that of the attribute.
        is_required: Whether there is no default.
        secret: Whether it is kept from logs.
    """

    variable: str
    member: Member
    is_required: bool
    secret: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """How people sign up and in; all times in seconds.

    Attributes:
        manage_tenant: Permission to change the tenant; None if nobody may.
    """

    access_token: int
    refresh_token: int
    invitation: int
    lockout_failures: int
    lockout_window: int
    lockout_duration: int
    password_length: tuple[int, int]
    sign_up_role: str
    manage_users: str
    manage_tenant: str | None
    requirements: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """A requirement, and the scenarios that show it."""

    id: str
    title: str
    scenarios: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One operation, for the documents; those on accounts among them.

    Attributes:
        permission: What the role must hold; None when signing in is enough.
        public: Whether it needs no sign-in.
    """

    method: str
    path: str
    operation: str
    about: str
    permission: str | None
    public: bool
    requirements: tuple[str, ...]
