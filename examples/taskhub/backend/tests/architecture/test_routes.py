"""Every route says who may use it, and the documents tell of every operation."""

from fastapi import FastAPI
from fastapi.routing import APIRoute

from app.api.deps import PermissionGate
from app.inbox import SENDERS
from tests.calls import OPERATIONS
from tests.cases import Operation, each

PUBLIC = {
    ("POST", "/v1/auth/sign-up"),
    ("POST", "/v1/auth/sign-in"),
    ("POST", "/v1/auth/refresh"),
    ("POST", "/v1/invitations/accept"),
}
SIGNED = {("POST", each.path) for each in SENDERS}
"""By what other services tell something; of a message its signature is judged."""
OPERATIONAL = {"/health", "/livez", "/readyz", "/metrics", "/openapi.json", "/docs", "/docs/{name}"}
ADMIN = {"/admin", "/admin/{name}"}


def routes(application: FastAPI) -> list[APIRoute]:
    """Return the routes of operations on data."""
    found = [route for route in application.routes if isinstance(route, APIRoute)]
    return [route for route in found if route.path.startswith("/v1/")]


async def test_every_route_asks_for_a_permission_or_is_public(served: FastAPI) -> None:
    public = {
        (method, route.path)
        for route in routes(served)
        for method in route.methods or ()
        if not any(isinstance(each.call, PermissionGate) for each in route.dependant.dependencies)
    }

    assert public == PUBLIC | SIGNED


async def test_nothing_is_served_beside_the_operations(served: FastAPI) -> None:
    paths = {route.path for route in served.routes if isinstance(route, APIRoute)}

    beside = {path for path in paths if not path.startswith("/v1/")}
    assert beside - {"/problems/{slug}"} <= OPERATIONAL | ADMIN


@each(OPERATIONS)
async def test_the_documents_tell_of_each_operation(served: FastAPI, operation: Operation) -> None:
    documented = served.openapi()["paths"][operation.path][operation.method.lower()]

    answers = set(documented["responses"])
    assert {str(operation.success), "401", "403", "406", "503"} <= answers
    assert ("requestBody" in documented) is operation.has_body
    assert ("404" in answers) is operation.about_objects
    assert ("412" in answers) is operation.conditional
    assert ("428" in answers) is operation.demands_condition
    assert documented["security"] == [{"bearer": []}]


async def test_each_operation_has_an_id_of_its_own(served: FastAPI) -> None:
    ids = [
        operation["operationId"]
        for methods in served.openapi()["paths"].values()
        for operation in methods.values()
    ]

    assert len(ids) == len(set(ids))
    assert len(ids) >= len(OPERATIONS)
