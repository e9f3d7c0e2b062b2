"""Invitations: accepted once, by whoever holds the secret, into the role that was meant."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from tospec.model import FieldType, System
from tospec.verify.base import Answer, Json, Judgement, Person, PlannedCase, Stage, Unavailable
from tospec.verify.cases.sessions.common import case, invalid, rules_of, works
from tospec.verify.oracle.wire import from_json
from tospec.verify.oracle.world import Undetermined
from tospec.verify.probes.accounts import Accounts, member, named, new_email
from tospec.verify.probes.judging import Trial, expectation, shown, skipped, succeeded
from tospec.verify.probes.routes import allowed, random_id

_REFERENCE = "OWASP ASVS 6.4"
_SLACK = timedelta(minutes=1)


def planned(system: System) -> Iterator[PlannedCase]:
    """Yield the cases."""
    rule = "An invitation is accepted once."
    yield case(system, "AcceptInvitation", "once", rule, _once, reference=_REFERENCE)
    rule = "Who accepts an invitation gets the role that was meant, whatever else they send."
    yield case(system, "AcceptInvitation", "role", rule, _role, reference=_REFERENCE)
    rule = "An invitation that was taken back cannot be accepted."
    yield case(system, "RevokeInvitation", "ends", rule, _revoked, reference=_REFERENCE)
    rule = "An invitation says when it ends, as long after it was made as the spec has it."
    yield case(system, "InviteUser", "expires", rule, _expires, reference=_REFERENCE)
    rule = "Of two invitations of one address at most the later one stands."
    yield case(system, "InviteUser", "twice", rule, _twice, reference=_REFERENCE, cost=8)
    rule = "Who belongs to a tenant is not invited into it."
    yield case(system, "InviteUser", "known", rule, _known, reference=_REFERENCE)
    rule = "An invented invitation is refused."
    yield case(system, "AcceptInvitation", "invented", rule, _invented, reference=_REFERENCE)


def _invited(stage: Stage, email: str) -> tuple[str, str]:
    """Invite somebody; return the id and the secret of the invitation.

    Raises:
        Unavailable: If the target sends the secret elsewhere.
    """
    role = allowed(stage.system, named(stage.system, "InviteUser"))[0]
    body = {"email": email, "role": stage.system.roles[-1]}
    answer = Accounts(stage).call("InviteUser", body, person=stage.person(role))
    token = member(answer.json, "token")
    if not token:
        message = f"InviteUser was answered by {shown(answer)} without the secret"
        raise Unavailable(message)
    return member(answer.json, "id"), token


def _accept(stage: Stage, token: str, **more: Json) -> Answer:
    accounts = Accounts(stage)
    body = {"token": token, "name": "Guest", "password": accounts.password(), **more}
    return accounts.call("AcceptInvitation", body)


def _once(stage: Stage) -> Judgement:
    wanted = invalid(stage.system)
    trial = Trial(f"success, and then {wanted}")
    _, token = _invited(stage, new_email())
    works(trial, "the first time", _accept(stage, token))
    trial.expect("the second time", _accept(stage, token), wanted)
    return trial.judgement()


def _role(stage: Stage) -> Judgement:
    system = stage.system
    trial = Trial(f"a {system.roles[-1]}")
    _, token = _invited(stage, new_email())
    for name, value in (("role", system.roles[0]), ("tenant_id", random_id(stage.random))):
        answer = _accept(stage, token, **{name: value})
        if succeeded(answer):
            role = member(answer.json, "role") or member(answer.json, "user", "role")
            trial.need(f"with a {name}", holds=role == system.roles[-1], got=role)
            return trial.judgement()
        trial.expect(f"with a {name}", answer, invalid(system))
    answer = works(trial, "without", _accept(stage, token))
    role = member(answer.json, "role") or member(answer.json, "user", "role")
    trial.need("the role", holds=role in {system.roles[-1], ""}, got=role)
    return trial.judgement()


def _revoked(stage: Stage) -> Judgement:
    wanted = invalid(stage.system)
    trial = Trial(str(wanted))
    id_, token = _invited(stage, new_email())
    role = allowed(stage.system, named(stage.system, "RevokeInvitation"))[0]
    accounts = Accounts(stage)
    gone = accounts.call("RevokeInvitation", id_=id_, person=stage.person(role))
    works(trial, "taking it back", gone)
    trial.expect("accepting it", _accept(stage, token), wanted)
    _, other = _invited(stage, new_email())
    works(trial, "accepting another one", _accept(stage, other))
    return trial.judgement()


def _invented(stage: Stage) -> Judgement:
    wanted = invalid(stage.system)
    trial = Trial(str(wanted))
    _, token = _invited(stage, new_email())
    middle = len(token) // 2
    flipped = token[:middle] + ("A" if token[middle] != "A" else "B") + token[middle + 1 :]
    for name, other in (
        ("an invented one", random_id(stage.random)),
        ("one with another letter", flipped),
        ("half of one", token[:middle]),
    ):
        trial.expect(name, _accept(stage, other), wanted)
    works(trial, "the right one", _accept(stage, token))
    return trial.judgement()


def _manager(stage: Stage) -> Person:
    return stage.person(allowed(stage.system, named(stage.system, "InviteUser"))[0])


def _invite(stage: Stage, email: str) -> Answer:
    body: Json = {"email": email, "role": stage.system.roles[-1]}
    return Accounts(stage).call("InviteUser", body, person=_manager(stage))


def _expires(stage: Stage) -> Judgement:
    lasting = timedelta(seconds=rules_of(stage).invitation_expires)
    trial = Trial(f"{lasting} from its making")
    answer = works(trial, "inviting", _invite(stage, new_email()))
    try:
        began, ends = (
            from_json(FieldType.TIMESTAMP, member(answer.json, name))
            for name in ("created_at", "expires_at")
        )
    except Undetermined as reason:
        raise Unavailable(str(reason)) from None
    if not isinstance(began, datetime) or not isinstance(ends, datetime):
        message = "the target does not tell when an invitation ends"
        raise Unavailable(message)
    holds = abs(ends - began - lasting) <= _SLACK
    trial.need("its time", holds=holds, got=str(ends - began))
    return trial.judgement()


def _twice(stage: Stage) -> Judgement:
    wanted = invalid(stage.system)
    trial = Trial(f"{wanted} for the first, success for the second")
    email = new_email()
    _, first = _invited(stage, email)
    again = _invite(stage, email)
    second = member(again.json, "token")
    if not second:
        return skipped(trial.expected, f"An open invitation stands: {shown(again)}.")
    trial.expect("accepting the first", _accept(stage, first), wanted)
    works(trial, "accepting the second", _accept(stage, second))
    return trial.judgement()


def _known(stage: Stage) -> Judgement:
    wanted = expectation(stage.system, 409, "conflict-unique", tolerated=(400, 403, 422))
    trial = Trial(str(wanted))
    email = stage.account(stage.person(stage.system.roles[-1]))["email"]
    works(trial, "inviting a stranger", _invite(stage, new_email()))
    trial.expect("inviting somebody who is here", _invite(stage, email), wanted)
    return trial.judgement()
