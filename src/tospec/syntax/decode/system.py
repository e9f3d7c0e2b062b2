"""Blocks about the system as a whole."""

from collections.abc import Iterable, Iterator

from tospec.model import (
    AdminPage,
    AuditTrail,
    Auth,
    Authority,
    Decision,
    Field,
    Idempotency,
    Operations,
    Permission,
    RateLimit,
    RateLimits,
    RequirementText,
    Storage,
    Tenancy,
)
from tospec.syntax import codes
from tospec.syntax.conventions import NAMES, accounts_1, integrations_1, operations_1, rest_1
from tospec.syntax.declaring import Catalogue
from tospec.syntax.decode.fields import decode_field
from tospec.syntax.grammar.system import ACCOUNT_EVENTS
from tospec.syntax.keys import Keys
from tospec.syntax.markdown import Requirement
from tospec.syntax.names import check_setting_name, check_system_name
from tospec.syntax.parts import Part
from tospec.syntax.problems import Problems

_GIVEN = ("access_token", "refresh_token", "password", "lockout", "invitation")


def decode_conventions(part: Part, problems: Problems) -> tuple[str, ...]:
    """Return the conventions that the spec adopts."""
    words = part.keys.words("conventions")
    for word in words:
        if word.text not in NAMES:
            problems.unknown(
                codes.UNKNOWN_CONVENTION, word.span, "convention", word.text, NAMES.keys()
            )
    return tuple(word.text for word in words)


def decode_authority(part: Part) -> tuple[tuple[str, Authority], ...]:
    """Return who decides what is left open, by domain."""
    pairs = ((name, getattr(node, "text", "")) for name, node in part.keys.entries("authority"))
    return tuple((name.text, Authority(text)) for name, text in pairs if text in Authority)


def check_system(part: Part, problems: Problems) -> None:
    """Report a service whose name cannot be one."""
    check_system_name(part.name.text, part.name.span, problems)


def decode_tenancy(part: Part | None) -> Tenancy | None:
    """Return how tenants are kept apart."""
    if part is None:
        return None
    return Tenancy(
        kind=part.keys.text("tenancy"),
        walls=tuple(word.text for word in part.keys.words("walls")),
        requirements=part.requirements,
        span=part.name.span,
    )


def decode_auth(part: Part | None, names: Catalogue) -> Auth | None:
    """Return how people sign in; what the spec leaves out is filled in by accounts-1."""
    if part is None:
        return None
    keys = part.keys
    return Auth(
        kind=keys.text("auth"),
        access_token=keys.seconds("access_token") or accounts_1.DEFAULTS["access_token"],
        refresh_token=keys.seconds("refresh_token") or accounts_1.DEFAULTS["refresh_token"],
        password_length=_password_length(keys, names.problems),
        **_lockout(keys),
        invitation_expires=_invitation(keys),
        sign_up_role=_sign_up_role(keys, names),
        manage_users=_manage_users(keys, names),
        manage_tenant=_manage_tenant(keys, names),
        events=_account_events(keys, names),
        requirements=part.requirements,
        span=part.name.span,
        given=tuple(key for key in _GIVEN if key in keys),
    )


def _password_length(keys: Keys, problems: Problems) -> tuple[int, int]:
    spec = keys.record("password")
    length = spec.whole_pair("length") if spec else None
    if spec and length and length[0] > length[1]:
        message = "The least is greater than the greatest."
        problems.add(codes.BAD_RANGE, spec.place("length"), message, "length: [12, 128]")
    return length or accounts_1.PASSWORD_LENGTH


def _lockout(keys: Keys) -> dict[str, int]:
    spec = keys.record("lockout")
    given = {
        "lockout_failures": spec.whole("failures") if spec else None,
        "lockout_within": spec.seconds("within") if spec else None,
        "lockout_for": spec.seconds("for") if spec else None,
    }
    return {name: value or accounts_1.DEFAULTS[name] for name, value in given.items()}


def _invitation(keys: Keys) -> int:
    spec = keys.record("invitation")
    length = spec.seconds("expires") if spec else None
    return length or accounts_1.DEFAULTS["invitation_expires"]


def _sign_up_role(keys: Keys, names: Catalogue) -> str:
    spec = keys.record("sign_up")
    word = spec.word("role") if spec else None
    return names.resolve(codes.UNKNOWN_ROLE, word, names.roles) if word else ""


def _manage_users(keys: Keys, names: Catalogue) -> str:
    word = keys.word("manage_users")
    return names.resolve(codes.UNKNOWN_PERMISSION, word, names.permissions) if word else ""


def _manage_tenant(keys: Keys, names: Catalogue) -> str | None:
    word = keys.word("manage_tenant")
    return names.resolve(codes.UNKNOWN_PERMISSION, word, names.permissions) if word else None


def _account_events(keys: Keys, names: Catalogue) -> tuple[tuple[str, str], ...]:
    spec = keys.record("events")
    found = []
    for moment in ACCOUNT_EVENTS:
        word = spec.word(moment) if spec else None
        if word:
            found.append((moment, names.resolve(codes.UNKNOWN_EVENT, word, names.events)))
    return tuple(found)


def decode_permissions(part: Part | None, names: Catalogue) -> tuple[Permission, ...]:
    """Return the permissions with the roles that hold them."""
    found = []
    for name, spec in part.keys.named("permissions") if part else ():
        roles = spec.words("roles")
        for role in roles:
            names.resolve(codes.UNKNOWN_ROLE, role, names.roles)
        found.append(
            Permission(
                name=name.text,
                roles=tuple(role.text for role in roles),
                description=spec.text("description"),
                span=name.span,
            )
        )
    return tuple(found)


def decode_settings(parts: Iterable[Part], problems: Problems) -> Iterator[Field]:
    """Yield the settings of the service."""
    for part in parts:
        for name, spec in part.keys.named("settings"):
            check_setting_name(name.text, name.span, problems)
            yield decode_field(name, spec, problems)


def decode_audit(part: Part | None, names: Catalogue) -> AuditTrail | None:
    """Return who reads the audit trail."""
    read = part.keys.word("read") if part else None
    if part is None or read is None:
        return None
    return AuditTrail(
        read=names.resolve(codes.UNKNOWN_PERMISSION, read, names.permissions),
        keep=part.keys.text("keep"),
        requirements=part.requirements,
        span=part.name.span,
    )


def decode_idempotency(part: Part | None) -> Idempotency | None:
    """Return what may be repeated under a key; rest-1 fills in how long answers are kept."""
    if part is None:
        return None
    return Idempotency(
        keep=part.keys.seconds("keep") or rest_1.KEEP,
        given="keep" in part.keys,
        requirements=part.requirements,
        span=part.name.span,
    )


def decode_rate_limits(part: Part | None, *, is_told: bool) -> RateLimits | None:
    """Return how often the service may be asked; integrations-1 fills in how often it is told."""
    limits = part.keys.record("rate_limits") if part else None
    default, sign_in = (_rate_limit(limits, name) for name in ("default", "sign_in"))
    if part is None or default is None or sign_in is None:
        return None
    messages = _rate_limit(limits, "messages")
    return RateLimits(
        default=default,
        sign_in=sign_in,
        messages=messages or (integrations_1.MESSAGES if is_told else None),
        given=messages is not None,
        requirements=part.requirements,
        span=part.name.span,
    )


def _rate_limit(limits: Keys | None, name: str) -> RateLimit | None:
    spec = limits.record(name) if limits else None
    requests, within = (spec.whole("requests"), spec.seconds("within")) if spec else (None, None)
    if spec is None or requests is None or within is None:
        return None
    return RateLimit(requests=requests, within=within, per=spec.text("per"))


def decode_watch(part: Part | None) -> Operations | None:
    """Return how the service is watched."""
    if part is None:
        return None
    return Operations(
        endpoints=tuple(word.text for word in part.keys.words("endpoints")),
        traces=part.keys.text("traces") or operations_1.TRACES,
        given="traces" in part.keys,
        requirements=part.requirements,
        span=part.name.span,
    )


def decode_admin(part: Part | None) -> AdminPage | None:
    """Return the page for people; operations-1 fills in whether it is served."""
    if part is None:
        return None
    given = "enabled" in part.keys
    return AdminPage(
        enabled=part.keys.flag("enabled") if given else operations_1.ADMIN_ENABLED,
        given=given,
        requirements=part.requirements,
        span=part.name.span,
    )


def decode_storage(part: Part | None) -> Storage | None:
    """Return where files are kept."""
    if part is None:
        return None
    return Storage(
        stores=tuple(word.text for word in part.keys.words("stores")),
        requirements=part.requirements,
        span=part.name.span,
    )


def decode_decisions(parts: Iterable[Part], problems: Problems) -> Iterator[Decision]:
    """Yield the answers to escalations."""
    first: dict[str, Part] = {}
    for part in parts:
        other = first.setdefault(part.name.text, part)
        if other is not part:
            message = f"The decision '{part.name.text}' is declared twice."
            related = ((other.name.span, "It is declared here first."),)
            problems.add(codes.DUPLICATE_NAME, part.name.span, message, related=related)
        yield Decision(
            name=part.name.text,
            answers=part.keys.text("answers"),
            choose=part.keys.text("choose"),
            because=part.keys.text("because"),
            requirements=part.requirements,
            span=part.name.span,
        )


def requirement_texts(requirements: Iterable[Requirement]) -> tuple[RequirementText, ...]:
    """Return the requirements of a spec with their prose."""
    return tuple(
        RequirementText(id=one.id, title=one.title, prose=one.prose, span=one.span)
        for one in requirements
    )
