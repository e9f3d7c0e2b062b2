"""`docs/traceability.md`: which operations and files serve a requirement."""

from dataclasses import dataclass
from typing import Final

from tospec.ir.backend import Backend
from tospec.ir.logic import Logic, Resource, UseCase
from tospec.ir.operations import OperationKind
from tospec.ir.project import Requirement, Route
from tospec.profiles.cqrs.render.environment import TEXTS
from tospec.profiles.cqrs.render.messages import operation_module
from tospec.python import Text, join_text, markdown_text, text_line, text_name

_HOMES: Final = (
    ("/v1/jobs", "jobs"),
    ("/v1/runs", "runs"),
    ("/v1/schedules", "jobs"),
    ("/v1/webhook", "webhooks"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Operation:
    name: Text
    route: Text
    files: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class _Requirement:
    id: Text
    title: Text
    operations: tuple[_Operation, ...]
    scenarios: tuple[Text, ...]
    is_plain: bool


def render_traceability(backend: Backend, _: str) -> str:
    """Return the document that leads from requirements to code."""
    logic = backend.logic
    requirements = [_requirement(logic, each) for each in logic.requirements]
    return TEXTS.render("traceability.md.j2", requirements=requirements)


def _requirement(logic: Logic, requirement: Requirement) -> _Requirement:
    routes = [route for route in logic.routes if requirement.id in route.requirements]
    return _Requirement(
        id=text_name(requirement.id),
        title=markdown_text(requirement.title),
        operations=tuple(_operation(logic, route) for route in routes),
        scenarios=tuple(markdown_text(title) for title in requirement.scenarios),
        is_plain=not routes and not requirement.scenarios,
    )


def _operation(logic: Logic, route: Route) -> _Operation:
    return _Operation(
        name=text_name(route.operation),
        route=text_line(f"{route.method} {route.path}"),
        files=join_text(", ", (Text(f"`{text_line(path).text}`") for path in _files(logic, route))),
    )


def _files(logic: Logic, route: Route) -> list[str]:
    for resource in logic.resources:
        for case in resource.operations:
            if case.operation.name == route.operation:
                return _files_of(resource, case)
    homes = (home for start, home in _HOMES if route.path.startswith(start))
    home = next(homes, "accounts")
    return [f"app/commands/{home}", f"app/queries/{home}"]


def _files_of(resource: Resource, case: UseCase) -> list[str]:
    plural = resource.entity.names.plural
    module = operation_module(case.entity, case.operation).replace(".", "/")
    files = [f"app/api/routes/{plural}.py", f"{module}.py"]
    if case.operation.kind not in {OperationKind.READ, OperationKind.LIST}:
        files.append(f"app/services/{plural}.py")
    return [*files, f"app/repositories/{plural}.py"]
