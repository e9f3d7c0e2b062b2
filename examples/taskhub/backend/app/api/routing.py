"""Routes: one flat list, exact methods, documents that follow from the signature."""

import re
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Annotated, Any, Final, TypedDict, Unpack, get_args, get_origin, get_type_hints

from fastapi import Depends, Request, Response, params
from fastapi._compat import ModelField
from fastapi.dependencies.utils import get_parameterless_sub_dependant
from fastapi.routing import APIRoute
from starlette.routing import Match
from starlette.types import Message, Receive, Scope, Send

from app.api.answers import check_answer
from app.api.binding import Binding
from app.api.conditions import IfMatchReader
from app.api.deps import PermissionGate, runtime
from app.api.negotiation import accepts_json
from app.api.pages import ListReader
from app.api.parameters import header_parameter, query_parameters
from app.api.payload import BodyReader, QueryReader, query_fault
from app.api.problems import problems
from app.core import errors
from app.core.context import current_context
from app.core.errors import AppError, NotAcceptableError

_SAFE: Final = frozenset({"GET", "HEAD"})
_ALWAYS: Final = (
    errors.NotAcceptableError,
    errors.InternalError,
    errors.ServiceUnavailableError,
    errors.ValidationError,
    errors.MethodNotAllowedError,
    errors.UriTooLongError,
    errors.HeadersTooLargeError,
    errors.BadRequestError,
)
_OF_READER: Final[dict[type, tuple[type[AppError], ...]]] = {
    PermissionGate: (
        errors.UnauthenticatedError,
        errors.AmbiguousCredentialsError,
        errors.PermissionDeniedError,
        errors.TenantSuspendedError,
    ),
    BodyReader: (
        errors.MalformedJsonError,
        errors.ContentTooLargeError,
        errors.RequestTimeoutError,
        errors.UnsupportedMediaTypeError,
    ),
    ListReader: (errors.InvalidCursorError,),
    IfMatchReader: (errors.PreconditionFailedError,),
}


type Endpoint = Callable[..., Awaitable[Response]]
type Decorator = Callable[[Endpoint], Endpoint]


class OperationOptions(TypedDict, total=False):
    """What is said of an operation beside its signature.

    Attributes:
        raises: Errors that do not follow from the signature, for the documents.
        response_model: What it answers, for the documents.
        status_code: The status of success, 200 by default.
        include_in_schema: Whether the documents tell of it, true by default.
        negotiated: Whether `Accept` must let JSON pass, true by default.
    """

    raises: Sequence[type[AppError]]
    response_model: Any
    status_code: int
    include_in_schema: bool
    negotiated: bool


class Operation(APIRoute):
    """A route that checks `Accept` and the query, answers HEAD, and documents itself.

    Attributes:
        reads_query: Whether a dependency of the endpoint checks the query.
        binding: How the endpoint is called without the framework; None if only that knows.
    """

    def __init__(
        self,
        path: str,
        endpoint: Endpoint,
        *,
        raises: Sequence[type[AppError]] = (),
        negotiated: bool = True,
        **options: Any,
    ) -> None:
        readers = _readers(endpoint)
        super().__init__(
            path,
            endpoint,
            responses=problems(*raises, *_errors_of(path, readers))
            | _not_modified(path, readers, options),
            openapi_extra=_documents(readers),
            generate_unique_id_function=operation_id,
            **options,
        )
        self.path_regex = to_the_end(self.path_regex)
        self._negotiated = negotiated
        kinds = {type(reader) for reader in readers}
        self._offered = frozenset(self.methods or ())
        self.reads_query = bool(kinds & {QueryReader, ListReader})
        self._defers_query = bool(kinds & {BodyReader, IfMatchReader}) or self._offered <= _SAFE
        self._describe_body(readers)
        # Last of all dependencies: credentials and body headers are judged first.
        settle = Depends(self._settle)
        sub_dependant = get_parameterless_sub_dependant(depends=settle, path=self.path_format)
        self.dependant.dependencies.append(sub_dependant)
        self.binding = Binding.of(self.dependant)

    async def answer(self, values: dict[str, Any], request: Request) -> Response:
        """Return the answer to a plain request, whose path holds the arguments `values`.

        Raises:
            AppError: If it is refused.
        """
        self._tell(request.scope)
        assert self.binding is not None  # noqa: S101  # what made a request plain
        response = await self.binding.call(request, values)
        self._check(request, response)
        return response

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler, which tells of a faulty query after all a read may answer."""
        handle = super().get_route_handler()

        async def handle_and_check(request: Request) -> Response:
            response = await handle(request)
            self._check(request, response)
            return response

        return handle_and_check

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Return how well the route matches; GET serves HEAD too."""
        match, child = super().matches(scope)
        if match is Match.PARTIAL and scope["method"] == "HEAD" and "GET" in self._offered:
            return Match.FULL, child
        return match, child

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request that the route matches in full."""
        self._tell(scope)
        if scope["method"] == "HEAD":
            send = _without_body(send)
        await self.app(scope, receive, send)

    def _check(self, request: Request, response: Response) -> None:
        _check_query(request)
        if runtime(request).check_answers:
            check_answer(self, response)

    def _tell(self, scope: Scope) -> None:
        if (context := current_context()) is not None:
            context.endpoint = f"{scope['method']} {self.path}"

    async def _settle(self, request: Request) -> None:
        if self._negotiated and not accepts_json(request.headers.getlist("accept")):
            raise NotAcceptableError
        if not self._defers_query:
            _check_query(request)

    def _describe_body(self, readers: list[Any]) -> None:
        for reader in readers:
            model = getattr(reader, "body_model", None)
            if model is not None:
                # Set after the handler was made: it is for the documents, and the
                # framework must not read the body a second time.
                body = params.Body(annotation=model)
                self.body_field = ModelField(name="body", field_info=body, mode="validation")


class Router:
    """A list of operations, declared as decorators on their functions.

    Args:
        tags: Groups of the operations in the documents.
    """

    def __init__(self, *, tags: Sequence[str] = ()) -> None:
        self.routes: list[Operation] = []
        self._tags = tags

    def get(self, path: str, **options: Unpack[OperationOptions]) -> Decorator:
        """Declare an operation that reads; it answers HEAD too."""
        return self._operation("GET", path, options)

    def post(self, path: str, **options: Unpack[OperationOptions]) -> Decorator:
        """Declare an operation that makes or does something."""
        return self._operation("POST", path, options)

    def put(self, path: str, **options: Unpack[OperationOptions]) -> Decorator:
        """Declare an operation that puts something in a place."""
        return self._operation("PUT", path, options)

    def patch(self, path: str, **options: Unpack[OperationOptions]) -> Decorator:
        """Declare an operation that changes something in part."""
        return self._operation("PATCH", path, options)

    def delete(self, path: str, **options: Unpack[OperationOptions]) -> Decorator:
        """Declare an operation that removes something."""
        return self._operation("DELETE", path, options)

    def _operation(self, method: str, path: str, options: OperationOptions) -> Decorator:
        raised = options.get("raises", ())

        def add(endpoint: Endpoint) -> Endpoint:
            operation = Operation(
                path,
                endpoint,
                methods=[method],
                tags=list(self._tags),
                raises=raised,
                status_code=options.get("status_code", 200),
                response_model=options.get("response_model"),
                include_in_schema=options.get("include_in_schema", True),
                negotiated=options.get("negotiated", True),
            )
            self.routes.append(operation)
            return endpoint

        return add


def to_the_end(regex: re.Pattern[str]) -> re.Pattern[str]:
    """Return `regex`, of a whole path and of nothing after it."""
    # `$` also matches before a final newline, which makes for a second spelling of a path.
    return re.compile(regex.pattern.removesuffix("$") + r"\Z")


def operation_id(route: APIRoute) -> str:
    """Return the operation's name in the documents: that of its function."""
    return route.name


def _readers(endpoint: Callable[..., Any]) -> list[Any]:
    hints = get_type_hints(endpoint, include_extras=True).values()
    annotated = (get_args(hint) for hint in hints if get_origin(hint) is Annotated)
    found = (each for arguments in annotated for each in arguments[1:])
    return [each.dependency for each in found if isinstance(each, params.Depends)]


def _errors_of(path: str, readers: list[Any]) -> list[type[AppError]]:
    raised: list[type[AppError]] = list(_ALWAYS)
    for reader in readers:
        raised.extend(_OF_READER.get(type(reader), ()))
        raised.extend(getattr(reader, "raises", ()))
        if isinstance(reader, IfMatchReader) and reader.required:
            raised.append(errors.PreconditionRequiredError)
    if "{" in path:
        raised.append(errors.NotFoundError)
    return raised


def _not_modified(
    path: str, readers: list[Any], options: dict[str, Any]
) -> dict[int | str, dict[str, Any]]:
    """Return the answer to a client that already has the object it asks for."""
    lists = any(isinstance(reader, ListReader) for reader in readers)
    if "GET" not in options["methods"] or "{" not in path or lists:
        return {}
    return {304: {"description": "The client has the current representation."}}


def _documents(readers: list[Any]) -> dict[str, Any]:
    documents: dict[str, Any] = {}
    parameters: list[dict[str, Any]] = []
    for reader in readers:
        if isinstance(reader, PermissionGate):
            documents["security"] = [{"bearer": []}]
        if isinstance(reader, QueryReader | ListReader):
            parameters.extend(query_parameters(reader.model))
        if isinstance(reader, IfMatchReader):
            parameters.append(header_parameter("If-Match", required=reader.required))
        parameters.extend(getattr(reader, "parameters", ()))
    return documents | ({"parameters": parameters} if parameters else {})


def _check_query(request: Request) -> None:
    if (fault := query_fault(request)) is not None:
        raise fault


def _without_body(send: Send) -> Send:
    async def send_head(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return send_head
