"""What the service is called, who may do what, and how it is configured."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from tospec.ir.data import DataModel
from tospec.ir.entities import Entity
from tospec.ir.integrations import Integration
from tospec.ir.logic import Logic
from tospec.ir.project import Access, Accounts, Setting
from tospec.ir.schemas import Member, MemberKind
from tospec.profiles.cqrs import places
from tospec.profiles.cqrs.render.environment import TEMPLATES
from tospec.python import Code, attribute, constant, fill, join, literal, module, symbol

_DEFAULT_STATUS: Final = 409
_PASSWORD: Final = (12, 128)
_ACCOUNT_NUMBERS: Final = {
    "access_token": 900,
    "refresh_token": 2_592_000,
    "invitation": 604_800,
    "lockout_failures": 5,
    "lockout_window": 900,
    "lockout_duration": 900,
}
_SETTING_TYPES: Final = {
    MemberKind.STRING: Code("str"),
    MemberKind.TEXT: Code("str"),
    MemberKind.INT: Code("int"),
    MemberKind.DECIMAL: symbol("decimal", "Decimal"),
    MemberKind.BOOL: Code("bool"),
    MemberKind.DATE: symbol("datetime", "date"),
    MemberKind.TIMESTAMP: symbol("datetime", "datetime"),
    MemberKind.DURATION: symbol("app.core.durations", "Duration"),
    MemberKind.UUID: symbol("uuid", "UUID"),
    MemberKind.EMAIL: symbol("app.schemas.fields", "Email"),
    MemberKind.URL: Code("str"),
    MemberKind.SLUG: Code("str"),
    MemberKind.JSON: fill("dict[str, {}]", symbol("typing", "Any")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    names: Code
    function: Code
    type: Code
    pattern: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class _RequiredProof:
    url: Code
    secret: Code
    message: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class _Role:
    name: Code
    permissions: tuple[Code, ...]


def render_about(logic: Logic, path: str) -> str:
    """Return the module that says what the service is called."""
    about = logic.about
    body = TEMPLATES.render(
        "about.py.j2",
        artifact=path,
        title=literal(about.title),
        service=literal(about.service),
        version=literal(about.version),
        description=literal(about.description),
    )
    header = "What this service is called, for logs, documents and database roles."
    return module(header, body, artifact=path)


def render_main(logic: Logic, path: str) -> str:
    """Return the module that puts an application together."""
    limits = [literal(logic.limited_per)] if logic.limited_per else []
    body = TEMPLATES.render(
        "main.py.j2",
        artifact=path,
        limits=limits,
        traced=logic.is_traced,
        admin=logic.admin is not None,
        works=bool(logic.jobs),
        asks=bool(logic.integrations),
        delivers=logic.webhooks is not None,
        receives=bool(logic.senders),
        keeps_measures=logic.keeps_measures,
        database=places.database(watched=logic.keeps_measures),
    )
    header = "The composition root: the only module that knows every other one."
    return module(header, body, artifact=path)


def render_role(logic: Logic, path: str) -> str:
    """Return the module of the roles."""
    access = logic.access
    roles = [(constant(role), literal(role)) for role in access.roles]
    body = TEMPLATES.render("role.py.j2", artifact=path, roles=roles)
    return module(_served("Roles", access.requirements), body, artifact=path)


def render_permissions(logic: Logic, path: str) -> str:
    """Return the module of permissions and of the roles that hold them."""
    access = logic.access
    names = [permission.name for permission in access.permissions]
    accounts = logic.accounts
    founder = accounts.sign_up_role if accounts else access.roles[0]
    body = TEMPLATES.render(
        "permissions.py.j2",
        artifact=path,
        permissions=[(_member(name), literal(name)) for name in names],
        roles=[_role(access, role) for role in access.roles],
        founder=fill("Role.{}", constant(founder)),
        manage_users=_permission(accounts.manage_users if accounts else names[0]),
        manage_tenant=[_permission(each) for each in _tenant_managing(logic)],
        read_audit=[_permission(logic.audit_permission)] if logic.audit_permission else [],
        manage_jobs=[_permission(logic.job_permission)] if logic.job_permission else [],
        watch_runs=[_permission(logic.run_permission or "")] if _has_runs(logic) else [],
        manage_webhooks=[_permission(logic.webhooks.permission)] if logic.webhooks else [],
        exported=_exported(logic),
    )
    header = _served("Roles and the permissions they hold", access.requirements)
    return module(header, body, artifact=path)


def _tenant_managing(logic: Logic) -> tuple[str, ...]:
    """Return the permission to manage the tenant, if somebody may."""
    permission = logic.accounts.manage_tenant if logic.accounts else None
    return (permission,) if permission else ()


def _has_runs(logic: Logic) -> bool:
    return logic.has_runs and logic.run_permission is not None


def _exported(logic: Logic) -> Code:
    jobs = ("MANAGE_JOBS",) if logic.job_permission else ()
    audit = ("READ_AUDIT",) if logic.audit_permission else ()
    webhooks = ("MANAGE_WEBHOOKS",) if logic.webhooks else ()
    tenant = ("MANAGE_TENANT",) if _tenant_managing(logic) else ()
    runs = ("WATCH_RUNS",) if _has_runs(logic) else ()
    held = ("ROLE_PERMISSIONS", *runs, "Permission", "Role")
    names = ("FOUNDER", *jobs, *tenant, "MANAGE_USERS", *webhooks, *audit, *held)
    return fill("[{}]", join(", ", map(literal, names)))


def render_password_rules(logic: Logic, path: str) -> str:
    """Return the module that says how long a password may be."""
    least, greatest = password_length(logic.accounts)
    body = TEMPLATES.render(
        "password_rules.py.j2", artifact=path, least=literal(least), greatest=literal(greatest)
    )
    return module("How long a password may be.", body, artifact=path)


def render_settings(logic: Logic, path: str) -> str:
    """Return the module of the settings."""
    numbers = account_numbers(logic.accounts)
    body = TEMPLATES.render(
        "settings.py.j2",
        artifact=path,
        settings=[_setting(each) for each in logic.settings],
        bases=_settings_bases(logic),
        forms=list(_forms(logic.settings)),
        stores=literal(logic.stores) if logic.keeps_files else None,
        files=[_media_types(each.entity) for each in logic.resources if each.entity.file],
        proofs=[_required_proof(each) for each in logic.integrations if each.proof],
        **{name: _number(value) for name, value in numbers.items()},
    )
    header = "The settings of this service. Each comes from the environment variable of its name."
    return module(header, body, artifact=path)


def _required_proof(integration: Integration) -> _RequiredProof:
    url, secret = integration.url, integration.proof.setting if integration.proof else ""
    return _RequiredProof(
        url=attribute(url),
        secret=attribute(secret),
        message=literal(f"{secret.upper()}: is required with {url.upper()}"),
    )


def render_rule_statuses(model: DataModel, path: str) -> str:
    """Return the module of the statuses of error cases."""
    statuses = [
        (places.error(case.type), literal(case.status))
        for case in model.errors
        if case.status != _DEFAULT_STATUS
    ]
    body = TEMPLATES.render("rule_statuses.py.j2", artifact=path, statuses=statuses)
    return module(
        "Statuses of the service's own error cases that are not 409.", body, artifact=path
    )


def password_length(accounts: Accounts | None) -> tuple[int, int]:
    """Return the least and the greatest length of a password."""
    return accounts.password_length if accounts else _PASSWORD


def account_numbers(accounts: Accounts | None) -> dict[str, int]:
    """Return the numbers of accounts by name; times in seconds."""
    if accounts is None:
        return dict(_ACCOUNT_NUMBERS)
    return {
        "access_token": accounts.access_token,
        "refresh_token": accounts.refresh_token,
        "invitation": accounts.invitation,
        "lockout_failures": accounts.lockout_failures,
        "lockout_window": accounts.lockout_window,
        "lockout_duration": accounts.lockout_duration,
    }


def _number(value: int) -> Code:
    return Code(f"{value:_}" if value >= 10_000 else str(value))


def _served(title: str, requirements: tuple[str, ...]) -> str:
    return f"{title} ({', '.join(requirements)})." if requirements else f"{title}."


def _member(permission: str) -> Code:
    return constant(permission.replace(":", "_").replace("-", "_"))


def _permission(name: str) -> Code:
    return fill("Permission.{}", _member(name))


def _role(access: Access, role: str) -> _Role:
    held = (p.name for p in access.permissions if role in p.roles)
    return _Role(name=constant(role), permissions=tuple(map(_member, held)))


def _settings_bases(logic: Logic) -> Code:
    found = []
    if logic.keeps_files:
        found.append(symbol("app.core.file_settings", "FileSettings"))
    if logic.jobs:
        found.append(symbol("app.core.job_settings", "JobSettings"))
    if logic.webhooks:
        found.append(symbol("app.core.webhook_settings", "WebhookSettings"))
    return join(", ", found or [symbol("app.core.service_settings", "ServiceSettings")])


def media_types_setting(entity: Entity) -> tuple[str, tuple[str, ...], str]:
    """Return the setting of what an entity's files may be: name, default, description."""
    rule = entity.file
    types = rule.media_types if rule else ()
    about = f"Media types of {entity.names.nouns}, as a JSON list."
    return f"{entity.names.singular}_media_types", types, about


def _media_types(entity: Entity) -> Code:
    name, types, about = media_types_setting(entity)
    field = symbol("pydantic", "Field")
    return fill(
        "{}: tuple[str, ...] = {}(default={}, description={})",
        attribute(name),
        field,
        fill("({},)", join(", ", map(literal, types))),
        literal(about),
    )


def _setting(setting: Setting) -> Code:
    member = setting.member
    arguments = [*_default(setting), *_limits(_unmatched(setting))]
    if member.description:
        arguments.append(fill("description={}", literal(member.description)))
    field = symbol("pydantic", "Field")
    return fill(
        "{}: {} = {}({})",
        attribute(member.name),
        _setting_type(setting),
        field,
        join(", ", arguments),
    )


def _unmatched(setting: Setting) -> Member:
    """Return what of a setting its field judges; the pattern of a secret has a method instead."""
    return replace(setting.member, pattern=None) if setting.secret else setting.member


def _forms(settings: Iterable[Setting]) -> Iterator[_Form]:
    """Yield the patterns of secrets, each with the secrets that match it."""
    secrets = [each for each in settings if each.secret and each.member.pattern]
    for pattern in dict.fromkeys(each.member.pattern for each in secrets):
        named = [each for each in secrets if each.member.pattern == pattern]
        yield _Form(
            names=join(", ", (literal(each.member.name) for each in named)),
            function=fill("_form_of_{}", attribute(named[0].member.name)),
            type=_setting_type(named[0]),
            pattern=literal(pattern),
        )


def _setting_type(setting: Setting) -> Code:
    member = setting.member
    if setting.secret:
        plain = symbol("pydantic", "SecretStr")
    elif member.enum:
        values = join(", ", (literal(value) for _, value in member.enum.members))
        plain = fill("{}[{}]", symbol("typing", "Literal"), values)
    else:
        plain = _SETTING_TYPES[member.kind]
    return fill("{} | None", plain) if member.nullable else plain


def _default(setting: Setting) -> Iterator[Code]:
    member = setting.member
    if setting.is_required:
        return
    value = literal(member.default)
    if isinstance(member.default, int) and member.kind is MemberKind.DURATION:
        value = duration(member.default)
    elif member.default is not None and member.kind is MemberKind.DECIMAL:
        value = literal(Decimal(str(member.default)))
    elif member.default is not None and setting.secret:
        value = fill("{}({})", symbol("pydantic", "SecretStr"), value)
    yield fill("default={}", value)


def duration(seconds: int) -> Code:
    """Return a length of time in its largest whole unit."""
    name = symbol("datetime", "timedelta")
    for unit, size in (("days", 86_400), ("hours", 3600), ("minutes", 60)):
        if seconds % size == 0 and seconds:
            return fill("{}({}={})", name, Code(unit), literal(seconds // size))
    return fill("{}(seconds={})", name, literal(seconds))


def milliseconds(length: int) -> Code:
    """Return a length of time given in milliseconds."""
    if length % 1000 == 0:
        return duration(length // 1000)
    return fill("{}(milliseconds={})", symbol("datetime", "timedelta"), literal(length))


def _limits(member: Member) -> Iterator[Code]:
    low, high = member.range or (None, None)
    number = int if member.kind is MemberKind.INT else Decimal
    if low is not None:
        yield fill("ge={}", literal(number(low)))
    if high is not None:
        yield fill("le={}", literal(number(high)))
    if member.length and member.kind is MemberKind.STRING:
        yield from _lengths(*member.length)
    if member.pattern:
        yield fill("pattern={}", literal(f"^(?:{member.pattern})$"))


def _lengths(least: int, greatest: int) -> Iterator[Code]:
    if least:
        yield fill("min_length={}", literal(least))
    yield fill("max_length={}", literal(greatest))
