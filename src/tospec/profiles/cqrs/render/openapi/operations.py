"""Operations of the document."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from tospec.ir.listing import FilterKind
from tospec.ir.logic import Resource
from tospec.ir.names import EntityNames
from tospec.ir.operations import Operation, OperationKind, Precondition
from tospec.ir.schemas import Parameter, Parameters
from tospec.profiles.cqrs.render.members import is_required
from tospec.profiles.cqrs.render.openapi.common import QUOTA, REFERENCE, Common, Schema
from tospec.profiles.cqrs.render.openapi.members import Members, title
from tospec.profiles.cqrs.render.openapi.problems import Problems
from tospec.profiles.cqrs.render.openapi.schemas import answer_name
from tospec.profiles.cqrs.render.schemas import sort_choices
from tospec.python import docstring_value

_JSON: Final = "application/json"
_BINARY: Final = {"schema": {"type": "string", "format": "binary"}}
_OF_UPLOADS: Final = ("ContentTooLargeError", "RequestTimeoutError", "UnsupportedMediaTypeError")
_NOT_MODIFIED: Final = "The client has the current representation."


@dataclass(frozen=True, slots=True)
class Operations:
    """Describes the operations of resources."""

    common: Common
    members: Members
    problems: Problems

    def of(self, resource: Resource) -> Iterator[tuple[str, str, Schema]]:
        """Return the path, the method and the description of each operation."""
        queries = {each.type: each for each in resource.schemas.parameters}
        for operation in (case.operation for case in resource.operations):
            query = queries[operation.query] if operation.query else None
            told = self._operation(resource, operation, query)
            yield operation.path, operation.http_method, told

    def _operation(
        self, resource: Resource, operation: Operation, query: Parameters | None
    ) -> Schema:
        names, rule = resource.entity.names, resource.entity.file
        parameters = [*self._parameters(names, operation, query)]
        if operation.upload:
            parameters.extend(self._sent(resource, operation))
        if operation.keyed:
            parameters.append(self.common.key)
        types = rule.media_types if rule else ()
        return {
            "tags": [names.segment],
            "operationId": operation.function,
            **_words(operation),
            "security": [{"bearer": []}],
            "responses": {
                **dict(_answers(operation, types)),
                **self.problems.answers(self._raised(operation)),
            },
            **({"parameters": parameters} if parameters else {}),
            **_request_body(operation, types),
        }

    def _raised(self, operation: Operation) -> Iterator[str]:
        raised = self.common.raised
        yield from self.common.always
        yield from raised["PermissionGate"]
        yield from (fault.type for fault in operation.faults)
        if operation.upload:
            yield from _OF_UPLOADS
        elif operation.body:
            yield from raised["BodyReader"]
        if operation.query:
            yield from raised["ListReader"]
        if operation.precondition is not Precondition.NONE:
            yield from raised["IfMatchReader"]
        if operation.precondition is Precondition.REQUIRED:
            yield "PreconditionRequiredError"
        if self.common.limited:
            yield QUOTA
        if operation.keyed:
            yield from raised["IdempotencyReader"]
        if operation.parameters:
            yield "NotFoundError"

    def _parameters(
        self, names: EntityNames, operation: Operation, query: Parameters | None
    ) -> Iterator[Schema]:
        for name in operation.parameters:
            schema = self.common.types["Id"] | {"title": title(name)}
            yield {"name": name, "in": "path", "required": True, "schema": schema}
        if query:
            yield from self._query(names, query)
        if operation.precondition is not Precondition.NONE:
            is_required = operation.precondition is Precondition.REQUIRED
            yield self.common.condition | {"required": is_required}

    def _sent(self, resource: Resource, operation: Operation) -> Iterator[Schema]:
        """Yield what is said of a file beside its bytes."""
        body = next(each for each in resource.schemas.bodies if each.type == operation.body)
        for member in body.members:
            told = self.members.sent(member, has_default=True)
            schema = {key: value for key, value in told.items() if key != "title"}
            about = {"description": told["description"]} if "description" in told else {}
            yield _queried(member.name, schema) | about | {"required": is_required(member)}

    def _query(self, names: EntityNames, query: Parameters) -> Iterator[Schema]:
        yield from self.common.page
        for parameter in query.filters:
            yield _queried(parameter.filter.name, self._filter(names, parameter))
        if query.sorts:
            choices = list(sort_choices(query))
            schema = {"type": "string", "enum": choices, "default": query.default_sort}
            yield _queried("sort", schema)

    def _filter(self, names: EntityNames, parameter: Parameter) -> Schema:
        if parameter.member is None:
            return self.common.types["SearchText"]
        value = self.members.queried(names, parameter.member)
        if parameter.filter.kind is FilterKind.AMONG:
            return {"type": "array", "items": value, "default": []}
        return value


def _words(operation: Operation) -> Schema:
    """Return the first line of a docstring as the summary, and the rest as the description."""
    about = docstring_value(operation.about, indent=4).partition("\f")[0].strip()
    first, _, rest = about.partition("\n")
    named = operation.function.replace("_", " ").title()
    summary = first.removesuffix(".").replace("`", "") or named
    return {"summary": summary} | ({"description": rest.strip()} if rest.strip() else {})


def _queried(name: str, schema: Schema) -> Schema:
    return {"name": name, "in": "query", "required": False, "schema": schema}


def _answers(operation: Operation, types: Iterable[str]) -> Iterator[tuple[str, Schema]]:
    success: Schema = {"description": HTTPStatus(operation.success).phrase}
    if name := answer_name(operation):
        success["content"] = {_JSON: {"schema": {"$ref": f"{REFERENCE}{name}"}}}
    if operation.kind is OperationKind.DOWNLOAD:
        success["content"] = dict.fromkeys(types, _BINARY)
    yield str(operation.success), success
    if operation.kind.is_query and operation.parameters and not operation.query:
        yield str(HTTPStatus.NOT_MODIFIED.value), {"description": _NOT_MODIFIED}


def _request_body(operation: Operation, types: Iterable[str]) -> Schema:
    if operation.upload:
        return {"requestBody": {"required": True, "content": dict.fromkeys(types, _BINARY)}}
    if operation.body is None:
        return {}
    schema = {"$ref": f"{REFERENCE}{operation.body}"}
    return {"requestBody": {"required": True, "content": {_JSON: {"schema": schema}}}}
