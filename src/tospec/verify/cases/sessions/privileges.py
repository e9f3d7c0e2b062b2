"""What people may do is what they are told, and nobody gives or takes more than they hold."""

from collections.abc import Iterator

from tospec.model import System
from tospec.verify.base import Answer, Json, Judgement, Person, PlannedCase, Stage, Unavailable
from tospec.verify.cases.sessions.common import case, works
from tospec.verify.probes.accounts import Accounts, named, new_email
from tospec.verify.probes.judging import Expectation, Trial, expectation, skipped
from tospec.verify.probes.routes import allowed

_REFERENCE = "OWASP API5"


def planned(system: System) -> Iterator[PlannedCase]:
    """Yield the cases."""
    rule = "People are told the permissions of their own role."
    yield case(system, "GetMe", "permissions", rule, _permissions, cost=len(system.roles))
    pair = _above(system)
    if pair is not None:
        rule = "Nobody invites others into a role that may do more than their own."
        yield case(system, "InviteUser", "above", rule, _inviting, reference=_REFERENCE)
        rule = "Nobody gives a role that may do more than their own, or changes who has it."
        yield case(system, "UpdateUser", "above", rule, _changing, reference=_REFERENCE, cost=12)
    rule = "A change of a person names the version that it is about."
    if system.entity("User").optimistic:
        yield case(system, "UpdateUser", "stale", rule, _stale, cost=8)


def _held(system: System, role: str) -> frozenset[str]:
    return frozenset(each.name for each in system.permissions if role in each.roles)


def _above(system: System) -> tuple[str, str] | None:
    """Return a role that manages people, and one that may do more; None if there are none."""
    for role in allowed(system, named(system, "UpdateUser")):
        for other in system.roles:
            if not _held(system, other) <= _held(system, role):
                return role, other
    return None


def _pair(stage: Stage) -> tuple[Person, str]:
    pair = _above(stage.system)
    if pair is None:
        message = "every role that manages people may do everything"
        raise Unavailable(message)
    return stage.person(pair[0]), pair[1]


def _permissions(stage: Stage) -> Judgement:
    trial = Trial("the permissions of the role")
    for role in stage.system.roles:
        answer = works(trial, f"GetMe by {role}", _me(stage, stage.person(role)))
        told = answer.json.get("permissions") if isinstance(answer.json, dict) else None
        if not isinstance(told, list):
            return skipped(trial.expected, "The target does not tell permissions.")
        wanted = sorted(_held(stage.system, role))
        trial.need(role, holds=sorted(map(str, told)) == wanted, got=", ".join(map(str, told)))
    return trial.judgement()


def _me(stage: Stage, person: Person) -> Answer:
    operation = named(stage.system, "GetMe")
    return stage.send(person, operation.method, operation.path)


def _inviting(stage: Stage) -> Judgement:
    manager, role = _pair(stage)
    accounts, wanted = Accounts(stage), _denied(stage.system)
    trial = Trial(str(wanted))
    own: Json = {"email": new_email(), "role": manager.role}
    works(trial, f"inviting a {manager.role}", accounts.call("InviteUser", own, person=manager))
    more: Json = {"email": new_email(), "role": role}
    answer = accounts.call("InviteUser", more, person=manager)
    trial.expect(f"inviting a {role} as {manager.role}", answer, wanted)
    return trial.judgement()


def _changing(stage: Stage) -> Judgement:
    manager, role = _pair(stage)
    wanted = _denied(stage.system)
    trial = Trial(str(wanted))
    lesser = stage.fresh_person(stage.system.roles[-1])
    works(trial, "a harmless change", _update(stage, manager, lesser, {"disabled": False}))
    raised = _update(stage, manager, lesser, {"role": role})
    trial.expect(f"making a {role} as {manager.role}", raised, wanted)
    greater = stage.fresh_person(role)
    answer = _update(stage, manager, greater, {"disabled": True})
    trial.expect(f"disabling a {role} as {manager.role}", answer, wanted)
    return trial.judgement()


def _denied(system: System) -> Expectation:
    return expectation(system, 403, "permission-denied", tolerated=(404, 409, 422))


def _tag(stage: Stage, by: Person, whom: Person) -> str:
    read = Accounts(stage).call("GetUser", id_=whom.user_id or "", person=by)
    return read.headers.get("etag", "")


def _update(stage: Stage, by: Person, whom: Person, change: Json) -> Answer:
    if whom.user_id is None:
        message = f"the target does not tell the id of {whom.name}"
        raise Unavailable(message)
    tag = _tag(stage, by, whom)
    headers = {"If_Match": tag} if tag else {}
    return Accounts(stage).call("UpdateUser", change, id_=whom.user_id, person=by, **headers)


def _stale(stage: Stage) -> Judgement:
    accounts = Accounts(stage)
    role = allowed(stage.system, named(stage.system, "UpdateUser"))[0]
    manager, whom = stage.person(role), stage.fresh_person(stage.system.roles[-1])
    tag, change = _tag(stage, manager, whom), {"disabled": False}
    if not tag or whom.user_id is None:
        message = "the target tells no ETag of people"
        raise Unavailable(message)
    wanted = expectation(stage.system, 412, "precondition-failed")
    trial = Trial(str(wanted))
    for name, value in (("another", '"stale"'), ("a weak", f"W/{tag}")):
        sent = accounts.call("UpdateUser", change, id_=whom.user_id, person=manager, If_Match=value)
        trial.expect(f"{name} version", sent, wanted)
    right = accounts.call("UpdateUser", change, id_=whom.user_id, person=manager, If_Match=tag)
    works(trial, "the version that was read", right)
    return trial.judgement()
