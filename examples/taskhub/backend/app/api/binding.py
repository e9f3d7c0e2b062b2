"""Calls endpoints with what their parameters ask for, worked out once for each route.

The framework looks at every parameter anew with each request, whatever kinds there might be.
An endpoint of this service takes parts of its path, the request, and what readers make of the
request: for those it is enough to ask one after the other.
"""

from collections.abc import Awaitable, Callable, Sequence
from inspect import iscoroutinefunction
from typing import Any, Self

from fastapi import Request, Response
from fastapi._compat import ModelField
from fastapi.dependencies.models import Dependant

type Reader = Callable[[Request], Awaitable[Any]]


class Binding:
    """Knows where the arguments of one endpoint come from.

    Args:
        endpoint: Is called with them.
        fields: Parts of the path.
        readers: By the parameter that they are asked for, None if only for their refusals; in
            the order in which the framework asks them.
        request: The parameter that takes the request itself.
    """

    __slots__ = ("_endpoint", "_fields", "_readers", "_request")

    def __init__(
        self,
        endpoint: Callable[..., Awaitable[Response]],
        fields: Sequence[ModelField],
        readers: Sequence[tuple[str | None, Reader]],
        request: str | None,
    ) -> None:
        self._endpoint = endpoint
        self._fields = tuple((field.name, field.alias, field.validate) for field in fields)
        self._readers = tuple(readers)
        self._request = request

    @classmethod
    def of(cls, dependant: Dependant) -> Self | None:
        """Return how the endpoint of `dependant` is called; None if only the framework knows."""
        endpoint, readers = dependant.call, dependant.dependencies
        if endpoint is None or not all(map(_reads_the_request, readers)):
            return None
        if _asks_for_more(dependant) or not iscoroutinefunction(endpoint):
            return None
        return cls(
            endpoint,
            dependant.path_params,
            [(reader.name, reader.call) for reader in readers if reader.call is not None],
            dependant.request_param_name,
        )

    def from_path(self, texts: dict[str, str]) -> dict[str, Any] | None:
        """Return the arguments that the path holds; None if one of `texts` is not of its form."""
        values: dict[str, Any] = {}
        for name, alias, validate in self._fields:
            values[name], errors = validate(texts[alias], values, loc=("path", alias))
            if errors:
                return None
        return values

    async def call(self, request: Request, values: dict[str, Any]) -> Response:
        """Call the endpoint with `values` and with what readers make of `request`.

        Raises:
            AppError: What a reader or the endpoint refuses.
        """
        for name, read in self._readers:
            value = await read(request)
            if name is not None:
                values[name] = value
        if self._request is not None:
            values[self._request] = request
        return await self._endpoint(**values)


def _reads_the_request(reader: Dependant) -> bool:
    """Return whether `reader` is asked with the request and nothing else."""
    is_awaited = iscoroutinefunction(reader.call) or iscoroutinefunction(type(reader.call).__call__)
    if not is_awaited or reader.path_params or reader.dependencies or reader.concurrency:
        return False
    return reader.request_param_name == "request" and not _asks_for_more(reader)


def _asks_for_more(dependant: Dependant) -> bool:
    """Return whether a parameter is of a kind that endpoints of this service do not have."""
    return any(
        (
            dependant.query_params,
            dependant.header_params,
            dependant.cookie_params,
            dependant.body_params,
            dependant.websocket_param_name,
            dependant.http_connection_param_name,
            dependant.response_param_name,
            dependant.background_tasks_param_name,
            dependant.security_scopes_param_name,
            dependant.concurrency,
        )
    )
