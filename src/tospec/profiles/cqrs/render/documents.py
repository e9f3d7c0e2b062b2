"""Files that are no Python: what newcomers, operators and package tools read."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from tospec.ir.backend import Backend
from tospec.ir.budgets import Budget
from tospec.ir.entities import Entity
from tospec.ir.events import Event
from tospec.ir.integrations import Integration
from tospec.ir.jobs import Job, Schedule, Trigger
from tospec.ir.logic import Logic
from tospec.ir.project import Access, Permission, Route, Setting
from tospec.ir.schemas import MemberKind
from tospec.ir.senders import Sender
from tospec.profiles.cqrs.render.environment import TEXTS
from tospec.profiles.cqrs.render.project import account_numbers, media_types_setting
from tospec.python import (
    Text,
    join_text,
    kebab,
    markdown_text,
    number,
    text_line,
    text_name,
    toml_string,
)

_REQUIRED: Final = Text("required")
_NOTHING: Final = Text("")


@dataclass(frozen=True, slots=True, kw_only=True)
class _EnvLine:
    description: Text
    line: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class _SettingRow:
    variable: Text
    default: Text
    description: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class _PermissionRow:
    name: Text
    marks: tuple[Text, ...]
    description: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class _RouteRow:
    method: Text
    path: Text
    permission: Text
    about: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class _ErrorRow:
    code: Text
    status: Text
    message: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class _ScheduleRow:
    name: Text
    cron: Text
    zone: Text
    jobs: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class _StartedRow:
    name: Text
    events: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class _SenderRow:
    name: Text
    path: Text
    secrets: Text
    events: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class _IntegrationRow:
    name: Text
    settings: Text
    jobs: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class _BudgetRow:
    name: Text
    table: Text
    rows: Text
    users: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class _EventRow:
    name: Text
    payload: Text


def render_pyproject(logic: Logic, _: str) -> str:
    """Return what package tools and linters read."""
    return TEXTS.render(
        "pyproject.toml.j2",
        package=toml_string(kebab(logic.about.service)),
        version=toml_string(logic.about.version),
        works=bool(logic.jobs),
    )


def render_env_example(logic: Logic, _: str) -> str:
    """Return every setting at its default, as a `.env` file has it."""
    return TEXTS.render(
        "env_example.j2",
        service=text_name(logic.about.service),
        settings=[_env_line(setting) for setting in logic.settings],
        works=bool(logic.jobs),
        delivers=logic.webhooks is not None,
        keeps_files=logic.keeps_files,
        files=[_env_types(each.entity) for each in logic.resources if each.entity.file],
        **{name: number(value) for name, value in account_numbers(logic.accounts).items()},
    )


def render_readme(backend: Backend, _: str) -> str:
    """Return what a newcomer reads first."""
    logic = backend.logic
    return TEXTS.render(
        "readme.md.j2",
        title=markdown_text(logic.about.title),
        description=markdown_text(logic.about.description),
        service=text_name(logic.about.service),
        settings=[_setting_row(setting) for setting in logic.settings],
        operation=_operation(logic),
        keeps_files=logic.keeps_files,
        **{name: number(value) for name, value in account_numbers(logic.accounts).items()},
        files=[_types_row(each.entity) for each in logic.resources if each.entity.file],
        roles=[markdown_text(role) for role in logic.access.roles],
        permissions=[_permission_row(logic.access, each) for each in logic.access.permissions],
        routes=[_route_row(route) for route in logic.routes],
        errors=[
            _ErrorRow(
                code=text_name(error.code),
                status=number(error.status),
                message=markdown_text(error.message),
            )
            for error in backend.data.errors
        ],
        schedules=[_schedule_row(each) for each in logic.schedules],
        senders=[_sender_row(each) for each in logic.senders],
        delivers=logic.webhooks is not None,
        webhook_timeout=number(logic.webhooks.timeout if logic.webhooks else 0),
        started=[_started_row(job, job.trigger) for job in logic.jobs if job.trigger],
        integrations=[_integration_row(logic, each) for each in logic.integrations],
        admin=logic.admin is not None,
        budgets=[_budget_row(each) for each in logic.budgets],
        limits=logic.limited_per is not None,
        keeps_answers=backend.data.keeps_answers,
        keeps_measures=logic.keeps_measures,
        events=[_event_row(event) for event in _events(logic)],
    )


def _schedule_row(schedule: Schedule) -> _ScheduleRow:
    return _ScheduleRow(
        name=text_name(schedule.name),
        cron=text_line(schedule.cron),
        zone=text_line(schedule.zone or "each tenant's own zone"),
        jobs=join_text(", ", (Text(f"`{text_name(job.name).text}`") for job in schedule.jobs)),
    )


def _started_row(job: Job, trigger: Trigger) -> _StartedRow:
    names = (Text(f"`{text_name(event.name).text}`") for event in trigger.events)
    return _StartedRow(name=text_name(job.name), events=join_text(", ", names))


def _budget_row(budget: Budget) -> _BudgetRow:
    return _BudgetRow(
        name=text_name(budget.name),
        table=text_name(budget.table),
        rows=number(budget.rows),
        users=number(budget.users),
    )


def _operation(logic: Logic) -> Text:
    """Return the part about production."""
    variables = {setting.variable for setting in logic.settings}
    secret = (setting for setting in logic.settings if setting.is_required and setting.secret)
    text = TEXTS.render(
        "operations.md.j2",
        service=text_name(logic.about.service),
        name_there=text_name(kebab(logic.about.service)),
        required_secrets=[_setting_row(setting) for setting in secret],
        keeps_files=logic.keeps_files,
        limits=logic.limited_per is not None,
        jobs=bool(logic.jobs),
        delivers=logic.webhooks is not None,
        receives=bool(logic.senders),
        hears=logic.hears,
        integrations=bool(logic.integrations),
        s3="s3" in logic.stores,
        redis="REDIS_URL" in variables,
        traced=logic.is_traced,
    )
    return Text(text.rstrip())


def _integration_row(logic: Logic, integration: Integration) -> _IntegrationRow:
    settings = (integration.url, *((integration.proof.setting,) if integration.proof else ()))
    jobs = (job.name for job in logic.asking if job.integration == integration.name)
    return _IntegrationRow(
        name=text_name(integration.name),
        settings=_quoted(each.upper() for each in settings),
        jobs=_quoted(jobs),
    )


def _sender_row(sender: Sender) -> _SenderRow:
    return _SenderRow(
        name=text_name(sender.name),
        path=text_line(sender.path),
        secrets=_quoted(each.upper() for each in sender.secrets),
        events=_quoted(each.event.name for each in sender.messages),
    )


def _quoted(names: Iterable[str]) -> Text:
    return join_text(", ", (Text(f"`{text_name(name).text}`") for name in names))


def _events(logic: Logic) -> Iterable[Event]:
    yield from (event for _, event in logic.account_events)
    yield from (event for resource in logic.resources for event in resource.events)
    if logic.webhooks and logic.webhooks.disabled:
        yield logic.webhooks.disabled
    yield from (message.event for sender in logic.senders for message in sender.messages)


def _event_row(event: Event) -> _EventRow:
    names = [*(item.name for item in event.items), *([event.each] if event.each else [])]
    listed = join_text(", ", (Text(f"`{text_name(name).text}`") for name in names))
    return _EventRow(name=text_name(event.name), payload=listed)


def _route_row(route: Route) -> _RouteRow:
    needed = _code(route.permission) if route.permission else Text("signed in")
    return _RouteRow(
        method=text_name(route.method),
        path=text_line(route.path),
        permission=Text("public") if route.public else needed,
        about=markdown_text(route.about.replace("`", "")),
    )


def _permission_row(access: Access, permission: Permission) -> _PermissionRow:
    marks = (Text("x") if role in permission.roles else _NOTHING for role in access.roles)
    return _PermissionRow(
        name=text_line(permission.name),
        marks=tuple(marks),
        description=markdown_text(permission.description),
    )


def _setting_row(setting: Setting) -> _SettingRow:
    default = _REQUIRED if setting.is_required else _code(_default(setting))
    return _SettingRow(
        variable=text_name(setting.variable),
        default=default,
        description=markdown_text(setting.member.description),
    )


def _env_line(setting: Setting) -> _EnvLine:
    variable = text_name(setting.variable).text
    description = text_line(setting.member.description).text
    if setting.is_required:
        return _EnvLine(description=Text(f"{description} Required."), line=Text(f"{variable}="))
    value = text_line(_default(setting)).text
    return _EnvLine(description=Text(description), line=Text(f"# {variable}={value}"))


def _env_types(entity: Entity) -> _EnvLine:
    name, types, about = media_types_setting(entity)
    line = Text(f"# {text_name(name.upper()).text}={text_line(json.dumps(types)).text}")
    return _EnvLine(description=text_line(about), line=line)


def _types_row(entity: Entity) -> _SettingRow:
    name, types, about = media_types_setting(entity)
    return _SettingRow(
        variable=text_name(name.upper()),
        default=_code(json.dumps(types)),
        description=markdown_text(about),
    )


def _default(setting: Setting) -> str:
    """Return a default as the environment would hold it."""
    value = setting.member.default
    if value is None:
        return ""
    return f"{value}s" if setting.member.kind is MemberKind.DURATION else str(value)


def _code(text: str) -> Text:
    shown = text_line(text).text.replace("`", "'").replace("|", "\\|")
    return Text(f"`{shown}`") if shown else _NOTHING
