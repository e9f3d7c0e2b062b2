"""Blocks about the system as a whole."""

from typing import Final

from tospec.diagnostics import Domain
from tospec.model import Authority
from tospec.syntax.grammar.fields import SETTINGS
from tospec.syntax.grammar.words import (
    DESCRIPTION,
    DURATION,
    EVENT,
    FLAG,
    LINE,
    PERMISSION,
    PROSE,
    REQUIREMENTS,
    ROLE,
)
from tospec.syntax.shapes import (
    Choice,
    Key,
    Kind,
    ListOf,
    MapOf,
    Notation,
    Pair,
    Record,
    Text,
    Whole,
)

PROFILES: Final = ("cqrs", "modules", "sqlmodel")
DATABASES: Final = ("postgresql", "sqlite")
TRACES: Final = ("otlp", "none")
ENDPOINTS: Final = ("/health", "/livez", "/readyz", "/metrics")
STORES: Final = ("folder", "s3")
ACCOUNT_EVENTS: Final = ("tenant_created", "user_invited", "user_joined")
LONGEST_PASSWORD: Final = 1024
LANGUAGE: Final = 1
"""The version of the language that this version of tospec reads."""

SYSTEM: Final = Kind(
    "system",
    Record(
        "system",
        {
            "system": Key(Text(Notation.KEBAB, "a name"), "Name of the service.", required=True),
            "tospec": Key(
                Whole(1, LANGUAGE),
                "Version of this language in which the spec is written.",
                default=f"{LANGUAGE}, the newest",
            ),
            "title": Key(LINE, "Name for people.", default="the name"),
            "version": Key(
                Text(Notation.VERSION, "a version"), "Version, as `1.0.0`.", required=True
            ),
            "description": DESCRIPTION,
            "profile": Key(Choice(PROFILES), "Architecture of the backend."),
            "databases": Key(ListOf(Choice(DATABASES), 1), "Databases that it must run on."),
            "conventions": Key(
                ListOf(Text(Notation.CONVENTION, "a convention")),
                "Versioned sets of defaults that decide what the spec leaves open.",
            ),
            "authority": Key(
                Record(
                    "authority",
                    {
                        domain: Key(Choice(tuple(Authority)), f"Who decides gaps of {domain}.")
                        for domain in Domain
                    },
                ),
                "For each domain: `full` (a convention may decide a gap), `spec` (only the spec), "
                "`escalate` (needs a contract), `refuse`.",
            ),
            "requirements": REQUIREMENTS,
        },
    ),
    "The service: its name, what it is built as, and who decides what is left open.",
    """system: notes
tospec: 1
title: Notes
version: 1.0.0
profile: cqrs
databases: [postgresql, sqlite]
conventions: [rest-1, data-1, accounts-1]
authority: {api: full, data: full}""",
    single=True,
)
TENANCY: Final = Kind(
    "tenancy",
    Record(
        "tenancy",
        {
            "tenancy": Key(
                Choice(("row", "none")), "`row`: each row belongs to a tenant.", required=True
            ),
            "walls": Key(
                ListOf(Choice(("filter", "row_level_security"))),
                "What keeps tenants apart: a filter in each statement, the database as well.",
            ),
            "requirements": REQUIREMENTS,
        },
    ),
    "How the rows of different customers are kept apart.",
    "tenancy: row\nwalls: [filter, row_level_security]",
    single=True,
)
_LOCKOUT: Final = Record(
    "lockout",
    {
        "failures": Key(Whole(1, 1000), "Failed sign-ins that lock an account.", required=True),
        "within": Key(DURATION, "Time within which they count.", required=True),
        "for": Key(DURATION, "How long the account stays locked.", required=True),
    },
)
AUTH: Final = Kind(
    "auth",
    Record(
        "auth",
        {
            "auth": Key(
                Choice(("local", "better_auth", "issuer")),
                "Who vouches for people: accounts of this service, Better Auth, another issuer.",
                required=True,
            ),
            "access_token": Key(DURATION, "How long an access token is valid."),
            "refresh_token": Key(DURATION, "How long a refresh token is valid."),
            "password": Key(
                Record(
                    "password",
                    {"length": Key(Pair(Whole(1, LONGEST_PASSWORD)), "Characters.", required=True)},
                ),
                "What a password must be like.",
            ),
            "lockout": Key(_LOCKOUT, "What many failed sign-ins lead to."),
            "invitation": Key(
                Record(
                    "invitation",
                    {"expires": Key(DURATION, "How long it can be accepted.", required=True)},
                ),
                "How people are invited.",
            ),
            "sign_up": Key(
                Record("sign_up", {"role": Key(ROLE, "Role of who signs up.", required=True)}),
                "What becomes of who signs up.",
                required=True,
            ),
            "manage_users": Key(
                PERMISSION, "Permission to invite, change and disable people.", required=True
            ),
            "manage_tenant": Key(
                PERMISSION,
                "Permission to rename the tenant and to change its time zone; without it, both "
                "stay as they were at sign-up.",
            ),
            "events": Key(
                Record(
                    "account events",
                    {name: Key(EVENT, f"Event for {name}.") for name in ACCOUNT_EVENTS},
                ),
                "Events that changes of accounts announce.",
            ),
            "requirements": REQUIREMENTS,
        },
    ),
    "How people get accounts and sign in.",
    'auth: local\naccess_token: 15m\nsign_up: {role: owner}\nmanage_users: "user:manage"',
    single=True,
)
_PERMISSION: Final = Record(
    "permission",
    {"roles": Key(ListOf(ROLE), "Roles that hold it.", required=True), "description": DESCRIPTION},
)
ROLES: Final = Kind(
    "roles",
    Record(
        "roles",
        {
            "roles": Key(ListOf(ROLE, 1), "The roles; each person has one.", required=True),
            "permissions": Key(MapOf(PERMISSION, _PERMISSION), "What roles may do.", required=True),
            "requirements": REQUIREMENTS,
        },
    ),
    "Roles and the permissions that they hold.",
    'roles: [owner, member]\npermissions:\n  "note:read": {roles: [owner, member]}',
    single=True,
)
AUDIT: Final = Kind(
    "audit",
    Record(
        "audit trail",
        {
            "audit": Key(Choice(("trail",)), "Audited changes leave entries.", required=True),
            "read": Key(PERMISSION, "Permission to read the entries.", required=True),
            "keep": Key(
                Text(Notation.PERIOD, "`forever` or a duration"),
                "How long entries are kept.",
                required=True,
            ),
            "requirements": REQUIREMENTS,
        },
    ),
    "Who reads the audit trail, and how long it is kept. Without it, what happens to accounts is "
    "recorded as well, and no operation shows it.",
    'audit: trail\nread: "audit:read"\nkeep: forever',
    single=True,
)
OPERATIONS: Final = Kind(
    "operations",
    Record(
        "operations",
        {
            "operations": Key(Choice(("watch",)), "The service can be watched.", required=True),
            "endpoints": Key(ListOf(Choice(ENDPOINTS), 1), "Where it is watched.", required=True),
            "traces": Key(
                Choice(TRACES),
                "Whether an installation may send spans of requests and statements to an "
                "OpenTelemetry collector, over HTTP; operations-1 says no.",
            ),
            "requirements": REQUIREMENTS,
        },
    ),
    "The endpoints by which the service is watched.",
    "operations: watch\nendpoints: [/health, /livez, /readyz, /metrics]",
    single=True,
)
ADMIN: Final = Kind(
    "admin",
    Record(
        "admin page",
        {
            "admin": Key(Choice(("page",)), "A page in a browser, at `/admin`.", required=True),
            "enabled": Key(
                FLAG, "Whether an installation serves it that does not set `ADMIN_ENABLED`."
            ),
            "requirements": REQUIREMENTS,
        },
    ),
    "A page at `/admin` on which people see, change and move rows, each as far as their own role "
    "and the policies let them: it asks the operations of the API, and has no other way in.",
    "admin: page\nenabled: true",
    single=True,
)
STORAGE: Final = Kind(
    "storage",
    Record(
        "storage",
        {
            "storage": Key(Choice(("files",)), "Files are kept beside the rows.", required=True),
            "stores": Key(
                ListOf(Choice(STORES), 1),
                "Where an installation may keep them: a folder, an S3-compatible store.",
                required=True,
            ),
            "requirements": REQUIREMENTS,
        },
    ),
    "Where the bytes of files are kept.",
    "storage: files\nstores: [folder, s3]",
    single=True,
)
SETTINGS_KIND: Final = Kind(
    "settings",
    Record(
        "settings",
        {
            "settings": Key(SETTINGS, "Environment variables and what they hold.", required=True),
            "requirements": REQUIREMENTS,
        },
    ),
    "What may differ between two installations. Expressions read `settings.name`, in lower case.",
    "settings:\n  EDIT_WINDOW: {type: duration, default: 15m, description: How long one may edit.}",
)
DECISION: Final = Kind(
    "decision",
    Record(
        "decision",
        {
            "decision": Key(Text(Notation.KEBAB, "a name"), "Name of it.", required=True),
            "answers": Key(LINE, "Code and subject of what it settles.", required=True),
            "choose": Key(LINE, "What was chosen.", required=True),
            "because": Key(PROSE, "Why.", required=True),
            "requirements": REQUIREMENTS,
        },
    ),
    "The answer to a question that `assess` asked.",
    'decision: tenants-stay\nanswers: "TS0701 tenant:manage"\nchoose: reserved\nbecause: Later.',
)
