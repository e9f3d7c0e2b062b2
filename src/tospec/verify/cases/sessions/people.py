"""People who lose a role or their account lose what it brought with the next request."""

from collections.abc import Iterator
from functools import partial

from tospec.model import Operation, System
from tospec.verify.base import Answer, Json, Judgement, Person, PlannedCase, Stage, Unavailable
from tospec.verify.cases.sessions.common import case, expect_in_time, refused, works
from tospec.verify.probes.accounts import Accounts, member, named
from tospec.verify.probes.judging import Trial, expectation, succeeded
from tospec.verify.probes.routes import allowed, denied, nowhere
from tospec.verify.probes.topics import Run

_REFERENCE = "OWASP ASVS 8.3.2"


def planned(system: System) -> Iterator[PlannedCase]:
    """Yield the cases."""
    rule = "A person who is disabled is signed out everywhere at once, and cannot sign in."
    yield case(system, "UpdateUser", "disabled", rule, _disabled, reference=_REFERENCE, cost=12)
    lost = _lost(system)
    if lost is not None:
        rule = "A person who loses a role loses its permissions with the next request."
        run = _demoted(*lost)
        yield case(system, "UpdateUser", "role-change", rule, run, reference=_REFERENCE, cost=9)
    rule = "The last person who may do everything stays."
    yield case(system, "UpdateUser", "last-owner", rule, _last_owner, cost=8)
    rule = "Nothing that a system answers about people holds a secret."
    yield case(system, "ListUsers", "secrets", rule, _secrets, reference="OWASP API3", cost=4)


def _manager(stage: Stage) -> Person:
    role = allowed(stage.system, named(stage.system, "UpdateUser"))[0]
    return stage.person(role)


def _update(stage: Stage, by: Person | None, id_: str, change: Json, **more: str) -> Answer:
    accounts = Accounts(stage)
    read = accounts.call("GetUser", id_=id_, person=by, **more)
    tag = {"If_Match": read.headers["etag"]} if "etag" in read.headers else {}
    return accounts.call("UpdateUser", change, id_=id_, person=by, **tag, **more)


def _known(person: Person) -> str:
    if person.user_id is None:
        message = f"the target does not tell the id of {person.name}"
        raise Unavailable(message)
    return person.user_id


def _disabled(stage: Stage) -> Judgement:
    accounts, wanted = Accounts(stage), refused(stage.system)
    trial = Trial(f"{wanted} after being disabled")
    person = stage.fresh_person(stage.system.roles[-1])
    credentials = stage.account(person)
    me = named(stage.system, "GetMe")
    works(trial, "GetMe before", stage.send(person, me.method, me.path))
    change: Json = {"disabled": True}
    works(trial, "disabling", _update(stage, _manager(stage), _known(person), change))
    after = partial(stage.send, person, me.method, me.path)
    expect_in_time(stage, trial, "GetMe after", after, wanted)
    trial.expect("signing in after", accounts.call("SignIn", dict(credentials)), wanted)
    change = {"disabled": False}
    works(trial, "enabling again", _update(stage, _manager(stage), _known(person), change))
    works(trial, "signing in again", accounts.call("SignIn", dict(credentials)))
    return trial.judgement()


def _demoted(operation: Operation, role: str, lower: str) -> Run:
    def run(stage: Stage) -> Judgement:
        wanted = expectation(stage.system, 403, "permission-denied", tolerated=(401, 404))
        trial = Trial(f"{wanted} once a {role} is a {lower}")
        person = stage.fresh_person(role)
        path = nowhere(stage, operation.path)
        before = stage.send(person, operation.method, path)
        allowed_before = before.status not in {0, 401, 403}
        trial.control(f"{operation.name} before", before, works=allowed_before)
        change = _update(stage, _manager(stage), _known(person), {"role": lower})
        works(trial, "the change", change)
        after = partial(stage.send, person, operation.method, path)
        expect_in_time(stage, trial, f"{operation.name} after", after, wanted)
        return trial.judgement()

    return run


def _lost(system: System) -> tuple[Operation, str, str] | None:
    """Return an operation, a role that may use it, and one that may not; None if all may."""
    signed_up = system.auth.sign_up_role if system.auth else ""
    for operation in system.operations:
        without = denied(system, operation)
        holders = [role for role in allowed(system, operation) if role != signed_up]
        if operation.permission and holders and without and operation.method != "GET":
            return operation, holders[0], without[-1]
    return None


def _last_owner(stage: Stage) -> Judgement:
    accounts = Accounts(stage)
    wanted = expectation(stage.system, 409, "LAST_OWNER", tolerated=(403, 422, 400))
    trial = Trial(str(wanted))
    account = accounts.sign_up()
    token = f"Bearer {accounts.session(account).access}"
    id_ = account.user_id
    for change in _resignations(stage.system):
        answer = _update(stage, None, id_, change, Authorization=token)
        trial.expect(f"the only one: {change}", answer, wanted)
    still = accounts.call("GetMe", Authorization=token)
    same = member(still.json, "user", "role") == (
        stage.system.auth and stage.system.auth.sign_up_role
    )
    trial.control("GetMe afterwards", still, works=succeeded(still) and same)
    harmless: Json = {"disabled": False}
    works(trial, "no change", _update(stage, None, id_, harmless, Authorization=token))
    return trial.judgement()


def _resignations(system: System) -> Iterator[Json]:
    yield {"disabled": True}
    signed_up = system.auth.sign_up_role if system.auth else ""
    manage = system.auth.manage_users if system.auth else ""
    holders = system.permission(manage).roles
    lesser = [role for role in system.roles if role != signed_up and role not in holders]
    if lesser:
        yield {"role": lesser[-1]}


def _secrets(stage: Stage) -> Judgement:
    accounts = Accounts(stage)
    trial = Trial("no password, hash or token")
    manager = _manager(stage)
    account = stage.account(manager)
    for name in ("GetMe", "ListUsers", "ListInvitations"):
        answer = works(trial, name, accounts.call(name, person=manager))
        text = answer.body.decode("utf-8", "replace")
        trial.need(name, holds=account["password"] not in text, got="the password")
        told = [word for word in ("password", "hash", "$argon2", "secret", "token") if word in text]
        trial.need(f"{name}: members", holds=not told, got=", ".join(told))
    return trial.judgement()
