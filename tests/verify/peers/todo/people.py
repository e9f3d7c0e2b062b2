"""The people of a household, and who is invited to it."""

import secrets
from datetime import timedelta
from typing import Any, Final

from flask import Blueprint, Response, g

from tests.verify.peers.todo import shapes
from tests.verify.peers.todo.lists import Listing
from tests.verify.peers.todo.members import join, key, somebody
from tests.verify.peers.todo.problems import Refused, faults
from tests.verify.peers.todo.rows import Invitation, Somebody, moment, now
from tests.verify.peers.todo.shapes import Body
from tests.verify.peers.todo.wire import MEMORY, body, created, guarded, if_match, item, nothing

blueprint: Final = Blueprint("people", __name__)

_role: Final = shapes.one_of("organizer", "person")
_INVITING: Final = Body({"email": shapes.email, "role": _role})
_ACCEPTING: Final = Body(
    {
        "token": shapes.text(1, 200),
        "name": shapes.text(1, 120),
        "password": shapes.text(12, 128),
    }
)
_CHANGING: Final = Body({"role": _role, "disabled": shapes.boolean}, partial=True)


@blueprint.post("/v1/invitations")
@guarded("people:manage")
def invite() -> Response:
    sent = _INVITING.read(body())
    address = key(sent["email"])
    if any(key(each.email) == address for each in _colleagues()):
        raise Refused("conflict-unique", fields=["email"])
    for earlier in _open_invitations():
        earlier.open = earlier.open and key(earlier.email) != address
    invitation = Invitation(
        household=g.who.household,
        email=sent["email"],
        role=sent["role"],
        inviter=g.who,
        expires_at=now() + timedelta(days=7),
        secret=secrets.token_urlsafe(24),
    )
    MEMORY.invitations[invitation.id] = invitation
    shown = _invitation(invitation) | {"token": invitation.secret}
    return created(shown, f"/v1/invitations/{invitation.id}", invitation)


@blueprint.get("/v1/invitations")
@guarded("people:manage")
def invitations() -> Response:
    return _INVITATIONS.answer(_open_invitations())


@blueprint.get("/v1/invitations/<one:invitation_id>")
@guarded("people:manage")
def get_invitation(invitation_id: str) -> Response:
    found = _found_invitation(invitation_id)
    return item(_invitation(found), found)


@blueprint.delete("/v1/invitations/<one:invitation_id>")
@guarded("people:manage")
def revoke(invitation_id: str) -> Response:
    found = _found_invitation(invitation_id)
    if_match(found)
    found.open = False
    return nothing()


@blueprint.post("/v1/invitations/accept")
@guarded(public=True)
def accept() -> Response:
    sent = _ACCEPTING.read(body())
    opened = (each for each in MEMORY.invitations.values() if each.secret == sent["token"])
    found = next(opened, None)
    if found is None or not found.open or found.expires_at <= now():
        raise faults([("#/token", "invalid-reference", "No such thing.")], "invalid-reference")
    who = join(found.household, found.email, sent["name"], found.role, sent["password"])
    found.open = False
    return created(somebody(who), f"/v1/users/{who.id}", who)


@blueprint.get("/v1/users")
@guarded()
def users() -> Response:
    return _PEOPLE.answer(_colleagues())


@blueprint.get("/v1/users/<user_id>")
@guarded()
def get_user(user_id: str) -> Response:
    found = _colleague(user_id)
    return item(somebody(found), found)


@blueprint.patch("/v1/users/<user_id>")
@guarded("people:manage")
def change_user(user_id: str) -> Response:
    found = _colleague(user_id)
    changes = _CHANGING.read(body())
    if_match(found, needed=True)
    role = changes.get("role", found.role)
    disabled = changes.get("disabled", found.disabled)
    others = [each for each in _colleagues() if each is not found and not each.disabled]
    leads = found.role == "organizer" and not found.disabled
    steps_down = leads and (role != "organizer" or disabled)
    if steps_down and not any(each.role == "organizer" for each in others):
        raise Refused("last-owner")
    found.role, found.disabled = role, disabled
    if disabled:
        found.families.clear()
    found.touch()
    return item(somebody(found), found)


def _colleague(user_id: str) -> Somebody:
    for each in _colleagues():
        if each.id == user_id.lower():
            return each
    raise Refused("not-found")


def _colleagues() -> list[Somebody]:
    return [each for each in MEMORY.people.values() if each.household is g.who.household]


def _open_invitations() -> list[Invitation]:
    known = MEMORY.invitations.values()
    return [each for each in known if each.open and each.household is g.who.household]


def _found_invitation(invitation_id: str) -> Invitation:
    for each in _open_invitations():
        if each.id == invitation_id.lower():
            return each
    raise Refused("not-found")


def _invitation(invitation: Invitation) -> dict[str, Any]:
    return {
        "id": invitation.id,
        "email": invitation.email,
        "role": invitation.role,
        "invited_by_id": invitation.inviter.id,
        "expires_at": moment(invitation.expires_at),
        "created_at": moment(invitation.created_at),
    }


_INVITATIONS: Final = Listing(
    _invitation, {"created_at": lambda each: each.created_at}, "-created_at"
)
_PEOPLE: Final = Listing(
    somebody,
    {"name": lambda each: each.name, "created_at": lambda each: each.created_at},
    "name",
    {"role": _role, "disabled": shapes.truth},
    lambda who, asked: all(getattr(who, name) == asked[name] for name in asked if name != "sort"),
)
