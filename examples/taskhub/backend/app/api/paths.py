"""Which operation a path leads to."""

import re
from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple

from fastapi import FastAPI, Request, Response
from starlette.routing import BaseRoute, Match, compile_path
from starlette.types import ASGIApp, Receive, Scope, Send

from app.api.routing import Operation, Router, to_the_end
from app.core import errors
from app.core.errors import AppError

_PARAMETER: Final = re.compile(r"\{\w+\}")


def mount_routes(app: FastAPI, routers: Iterable[Router]) -> list[Operation]:
    """Give `app` the routes of `routers` in one flat list, each path with its `Allow`.

    A path that names a segment comes before one that has a parameter there, as OpenAPI
    asks for, whatever the methods of the two.

    Returns:
        The operations of all paths.
    """
    app.router.redirect_slashes = False
    paths: dict[str, list[Operation]] = {}
    for route in (route for router in routers for route in router.routes):
        paths.setdefault(route.path, []).append(route)
    for path in sorted(paths, key=_has_parameters):
        offered = {"OPTIONS"}.union(*(route.methods or () for route in paths[path]))
        allow = ", ".join(sorted(offered | ({"HEAD"} if "GET" in offered else set())))
        app.router.routes.extend([*paths[path], _OtherMethods(path, allow)])
    return [route for routes in paths.values() for route in routes]


class DirectRoutes:
    """Hands plain requests straight to their operations, and all others to the framework.

    It is the last middleware: what the framework puts between it and the routes is for others.

    A request is plain if its method and path are those of an operation that has a binding, and
    the parameters in the path have their forms. The framework finds the routes of all others,
    and with them the refusals that paths and methods lead to.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        operations: Iterable[Operation],
        render: Callable[[AppError], Response],
    ) -> None:
        self._app = app
        self._render = render
        self._root = _Segment()
        for operation in operations:
            if operation.binding is not None and _is_plain(operation.path):
                self._root.lead(operation.path.split("/"), operation)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        found = self._found(scope) if scope["type"] == "http" else None
        if found is None:
            await self._app(scope, receive, send)
            return
        scope["route"], scope["endpoint"] = found.operation, found.operation.endpoint
        scope["path_params"] = found.texts
        try:
            answer = await found.operation.answer(found.values, Request(scope, receive, send))
        except AppError as refusal:
            answer = self._render(refusal)
        await answer(scope, receive, send)

    def _found(self, scope: Scope) -> "_Found | None":
        if scope.get("root_path"):
            return None
        leads = self._root.follow(scope["path"])
        operation = None if leads is None else leads[0].operations.get(scope["method"])
        if leads is None or operation is None or operation.binding is None:
            return None
        texts = dict(zip(operation.param_convertors, leads[1], strict=True))
        values = operation.binding.from_path(texts)
        return None if values is None else _Found(operation, texts, values)


class _Found(NamedTuple):
    """An operation, with the parameters of its path as texts and as arguments."""

    operation: Operation
    texts: dict[str, str]
    values: dict[str, Any]


class _Segment:
    """A segment of paths: which ones may follow, and the operations whose paths end here."""

    __slots__ = ("named", "operations", "parameter")

    def __init__(self) -> None:
        self.named: dict[str, _Segment] = {}
        self.parameter: _Segment | None = None
        self.operations: dict[str, Operation] = {}

    def lead(self, segments: list[str], operation: Operation) -> None:
        """Let the path of `segments` lead from here to `operation`."""
        if not segments:
            self.operations.update(dict.fromkeys(operation.methods or (), operation))
        elif "{" in segments[0]:
            self.parameter = self.parameter or _Segment()
            self.parameter.lead(segments[1:], operation)
        else:
            self.named.setdefault(segments[0], _Segment()).lead(segments[1:], operation)

    def follow(self, path: str) -> "tuple[_Segment, list[str]] | None":
        """Return where `path` leads, and its parameters. A name goes before a parameter."""
        here = self
        texts: list[str] = []
        for segment in path.split("/"):
            following = here.named.get(segment)
            if following is None:
                following = here.parameter
                texts.append(segment)
                if following is None or not segment:
                    return None
            here = following
        return here, texts


class _OtherMethods(BaseRoute):
    """Answers the methods that a path does not offer."""

    def __init__(self, path: str, allow: str) -> None:
        self.path = path
        self._regex = to_the_end(compile_path(path)[0])
        self._allow = allow

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["type"] == "http" and self._regex.match(scope["path"]):
            return Match.FULL, {"route": self}
        return Match.NONE, {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "OPTIONS":
            raise errors.MethodNotAllowedError(self._allow)
        response = Response(status_code=204, headers={"allow": self._allow})
        await response(scope, receive, send)


def _has_parameters(path: str) -> list[bool]:
    return ["{" in segment for segment in path.split("/")]


def _is_plain(path: str) -> bool:
    """Return whether each parameter of `path` is one whole segment."""
    parameters = [segment for segment in path.split("/") if "{" in segment]
    return all(map(_PARAMETER.fullmatch, parameters))
