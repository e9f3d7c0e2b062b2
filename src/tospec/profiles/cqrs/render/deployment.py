"""Files that run a backend: container, compose, reverse proxy, Kubernetes."""

from dataclasses import dataclass
from typing import Final

from tospec.ir.logic import Logic
from tospec.ir.project import Setting
from tospec.profiles.cqrs.render.environment import TEXTS
from tospec.python import Text, kebab, number, text_line, text_name

_MIB: Final = 1_048_576
_LEAST_RATE: Final = 65_536
"""Bytes a second that backends ask of an upload; `app/api/files.py` says the same."""
_BODY_SECONDS: Final = 30
_ANSWER_SECONDS: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class _Required:
    variable: Text
    description: Text
    secret: bool
    from_outside: Text


def render_deployment(logic: Logic, path: str) -> str:
    """Return one of the files that run a backend."""
    variables = {setting.variable for setting in logic.settings}
    largest = _largest_file(logic)
    seconds_of_files = largest // _LEAST_RATE
    return TEXTS.render(
        f"deployment/{path}.j2",
        service=text_name(kebab(logic.about.service)),
        keeps_files=logic.keeps_files,
        jobs=bool(logic.jobs),
        folder="folder" in logic.stores,
        shared_folder=logic.stores == ("folder",),
        s3="s3" in logic.stores,
        proxies="TRUSTED_PROXIES" in variables,
        redis="REDIS_URL" in variables,
        traced=logic.is_traced,
        required=[_required(each) for each in logic.settings if each.is_required],
        body_bytes=number(largest + 2 * _MIB),
        body_seconds=number(_BODY_SECONDS + seconds_of_files),
        answer_seconds=number(_ANSWER_SECONDS),
        write_seconds=number(_ANSWER_SECONDS + seconds_of_files),
    )


def _largest_file(logic: Logic) -> int:
    rules = (each.entity.file for each in logic.resources)
    return max((rule.max_size for rule in rules if rule), default=0)


def _required(setting: Setting) -> _Required:
    name = text_name(setting.variable).text
    return _Required(
        variable=Text(name),
        description=text_line(setting.member.description),
        secret=setting.secret,
        from_outside=Text(f"${{{name}:?it has no default}}"),
    )
