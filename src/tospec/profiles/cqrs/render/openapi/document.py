"""`docs/openapi.json`: the whole document."""

from typing import Final

from tospec.ir.backend import Backend
from tospec.ir.project import About
from tospec.profiles.cqrs.render.openapi.common import QUOTA, Common, Schema, common_of
from tospec.profiles.cqrs.render.openapi.json_text import Writer
from tospec.profiles.cqrs.render.openapi.members import Members
from tospec.profiles.cqrs.render.openapi.operations import Operations
from tospec.profiles.cqrs.render.openapi.problems import Problems
from tospec.profiles.cqrs.render.openapi.schemas import components
from tospec.profiles.cqrs.render.openapi.senders import receiving, told_components

type _Paths = dict[str, dict[str, Schema]]

_LAST_TAGS: Final = ("accounts", "audit", "background", "webhooks", "integrations", "operations")


def render_openapi(backend: Backend, _: str) -> str:
    """Return the document that the backend serves, byte for byte as it writes it itself."""
    common = common_of(backend.logic, backend.data.errors)
    members = Members(common.types)
    problems = Problems(common)
    paths = _common_paths(common, problems)
    schemas: dict[str, Schema] = {**common.schemas}
    operations = Operations(common, members, problems)
    for resource in backend.logic.resources:
        schemas |= components(resource, members)
        for path, method, operation in operations.of(resource):
            paths.setdefault(path, {})[method] = operation
    for sender in backend.logic.senders:
        schemas |= told_components(sender, members)
        paths[sender.path] = {"post": receiving(sender, common, problems)}
    document: Schema = {
        "openapi": common.openapi,
        "info": _info(backend.logic.about),
        "servers": common.servers,
        "components": {"schemas": schemas, "securitySchemes": common.security_schemes},
        "paths": paths,
        "tags": [{"name": name} for name in _tags(paths)],
    }
    return Writer().text(document) + "\n"


def _info(about: About) -> Schema:
    description = {"description": about.description} if about.description else {}
    return {"title": about.title, "version": about.version, **description}


def _common_paths(common: Common, problems: Problems) -> _Paths:
    return {
        path: {method: _with_answers(each, problems, common) for method, each in methods.items()}
        for path, methods in common.paths.items()
    }


def _with_answers(operation: Schema, problems: Problems, common: Common) -> Schema:
    found = {key: value for key, value in operation.items() if key != "raises"}
    raised = (name for name in operation["raises"] if name != QUOTA or common.limited)
    answers = problems.answers(raised)
    return found | {"responses": {**operation["responses"], **answers}}


def _tags(paths: _Paths) -> list[str]:
    """Return the tags in the order of the page: what the service is for comes first.

    Paths are taken as the backend mounts them: those that name a segment before those that
    have a parameter in its place.
    """
    mounted = sorted(paths, key=lambda path: ["{" in part for part in path.split("/")])
    operations = (each for path in mounted for each in paths[path].values())
    found = dict.fromkeys(tag for each in operations for tag in each["tags"])
    return sorted(found, key=lambda tag: _LAST_TAGS.index(tag) if tag in _LAST_TAGS else -1)
