"""Sign-up, sign-in, and the tokens by which people are known."""

import secrets
import uuid
from datetime import timedelta
from typing import Any, Final

from flask import Blueprint, Response, g

from tests.verify.peers.todo import shapes
from tests.verify.peers.todo.members import hashed, join, key, myself
from tests.verify.peers.todo.problems import Refused, unauthenticated
from tests.verify.peers.todo.rows import Bearer, Household, Somebody, now
from tests.verify.peers.todo.shapes import Body
from tests.verify.peers.todo.wire import HOLDS, MEMORY, answer, body, guarded, no_query, nothing

blueprint: Final = Blueprint("sessions", __name__)

_ACCESS: Final = timedelta(minutes=15)
_REFRESH: Final = timedelta(days=30)
_FAILURES: Final = 5
_WINDOW = _LOCKED = timedelta(minutes=15)
_name, _password = shapes.text(1, 120), shapes.text(12, 128)
_SIGN_UP: Final = Body(
    {"tenant_name": _name, "name": _name, "email": shapes.email, "password": _password}
)
_SIGN_IN: Final = Body({"email": shapes.email, "password": shapes.text(1, 128)})
_REFRESHING: Final = Body({"refresh_token": shapes.text(1, 200)})


@blueprint.post("/v1/auth/sign-up")
@guarded(public=True)
def sign_up() -> Response:
    sent = _SIGN_UP.read(body())
    household = Household(name=sent["tenant_name"])
    who = join(household, sent["email"], sent["name"], "organizer", sent["password"])
    shown = {"user": myself(who), "tenant": {"id": household.id, "name": household.name}}
    return answer(shown, 201, {"Location": f"/v1/users/{who.id}"})


@blueprint.post("/v1/auth/sign-in")
@guarded(public=True)
def sign_in() -> Response:
    sent = _SIGN_IN.read(body())
    address = key(sent["email"])
    _refuse_locked(address)
    who = next((each for each in MEMORY.people.values() if key(each.email) == address), None)
    right = who is not None and hashed(sent["password"], who.salt) == who.password
    accepted = who if right and who is not None and not who.disabled else None
    MEMORY.attempts.setdefault(address, []).append((now(), accepted is not None))
    if accepted is None:
        raise unauthenticated()
    family = str(uuid.uuid4())
    accepted.families.add(family)
    return answer(_tokens(accepted, family))


@blueprint.post("/v1/auth/refresh")
@guarded(public=True)
def refresh() -> Response:
    token = _REFRESHING.read(body())["refresh_token"]
    bearer = MEMORY.refresh.get(token)
    if bearer is None or bearer.until <= now() or bearer.family not in bearer.who.families:
        raise unauthenticated()
    if bearer.used_at is not None:
        if bearer.used_at < g.began:
            bearer.who.families.discard(bearer.family)
        raise unauthenticated()
    bearer.used_at = now()
    return answer(_tokens(bearer.who, bearer.family))


@blueprint.post("/v1/auth/sign-out")
@guarded()
def sign_out() -> Response:
    no_query()
    g.who.families.discard(g.family)
    return nothing()


@blueprint.get("/v1/me")
@guarded()
def me() -> Response:
    no_query()
    household = g.who.household
    tenant = {"id": household.id, "name": household.name}
    permissions = sorted(HOLDS[g.who.role])
    return answer({"user": myself(g.who), "tenant": tenant, "permissions": permissions})


def _tokens(who: Somebody, family: str) -> dict[str, Any]:
    access, refreshing = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    MEMORY.access[access] = Bearer(who, family, now() + _ACCESS)
    MEMORY.refresh[refreshing] = Bearer(who, family, now() + _REFRESH)
    return {
        "access_token": access,
        "token_type": "Bearer",
        "expires_in": int(_ACCESS.total_seconds()),
        "refresh_token": refreshing,
    }


def _refuse_locked(address: str) -> None:
    latest = MEMORY.attempts.get(address, [])[-_FAILURES:]
    if len(latest) < _FAILURES or any(succeeded for _, succeeded in latest):
        return
    if latest[-1][0] - latest[0][0] >= _WINDOW:
        return
    wait = (latest[-1][0] + _LOCKED - now()).total_seconds()
    if wait > 0:
        raise Refused("too-many-attempts", {"Retry-After": str(int(wait) + 1)})
