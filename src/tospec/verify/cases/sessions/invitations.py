"""Invitations: accepted once, by whoever holds the secret, into the role that was meant."""

from collections.abc import Iterator

from tospec.model import System
from tospec.verify.base import Answer, Json, Judgement, PlannedCase, Stage, Unavailable
from tospec.verify.cases.sessions.common import case, invalid, works
from tospec.verify.probes.accounts import Accounts, member, named, new_email
from tospec.verify.probes.judging import Trial, shown, succeeded
from tospec.verify.probes.routes import allowed, random_id

_REFERENCE = "OWASP ASVS 6.4"


def planned(system: System) -> Iterator[PlannedCase]:
    """Yield the cases."""
    rule = "An invitation is accepted once."
    yield case(system, "AcceptInvitation", "once", rule, _once, reference=_REFERENCE)
    rule = "Who accepts an invitation gets the role that was meant, whatever else they send."
    yield case(system, "AcceptInvitation", "role", rule, _role, reference=_REFERENCE)
    rule = "An invitation that was taken back cannot be accepted."
    yield case(system, "RevokeInvitation", "ends", rule, _revoked, reference=_REFERENCE)
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
