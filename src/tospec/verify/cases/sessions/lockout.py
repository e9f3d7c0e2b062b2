"""Guessing: what a refused sign-in tells, and how many there may be."""

from collections.abc import Iterator

from tospec.model import System
from tospec.verify.base import Answer, Judgement, PlannedCase, Stage
from tospec.verify.cases.sessions.common import case, refused, rules_of, works
from tospec.verify.probes.accounts import Account, Accounts, auth_of, new_email
from tospec.verify.probes.judging import CONTRACT, Expectation, Trial, expectation
from tospec.verify.probes.problem import differences, leaks, problem_faults

_MOST_FAILURES = 20


def planned(system: System) -> Iterator[PlannedCase]:
    """Yield the cases; those that lock an account run last, since some targets lock more."""
    auth = auth_of(system)
    rule = "A refused sign-in does not tell whether there is such an account."
    yield case(system, "SignIn", "enumeration", rule, _enumeration, cost=5)
    if auth is None or auth.lockout_failures > _MOST_FAILURES:
        return
    failures = auth.lockout_failures
    rule = f"{failures} failed sign-ins lock an account, even for the right password."
    yield case(system, "SignIn", "lockout", rule, _lockout, cost=failures + 6, spoils=True)
    rule = f"{failures - 1} failed sign-ins do not lock an account."
    yield case(system, "SignIn", "below-lockout", rule, _below, cost=2 * failures + 2, spoils=True)
    rule = "An address without an account locks like one with an account."
    run = _lockout_of_nobody
    yield case(system, "SignIn", "lockout-unknown", rule, run, cost=2 * failures + 4, spoils=True)


def _fail(accounts: Accounts, account: Account) -> Answer:
    return accounts.sign_in(account, password=accounts.password())


def _enumeration(stage: Stage) -> Judgement:
    accounts, wanted = Accounts(stage), refused(stage.system)
    trial = Trial(f"{wanted}, the same for both")
    account = accounts.sign_up()
    wrong = _fail(accounts, account)
    nobody = _fail(accounts, Account(email=new_email(), password=""))
    trial.expect("a wrong password", wrong, wanted)
    trial.expect("an address without an account", nobody, wanted)
    trial.found("the two answers", "; ".join(differences(wrong, nobody)), seen="alike")
    upper = accounts.sign_in(account, password=account.password.swapcase())
    trial.expect("the password in other letters' case", upper, wanted)
    works(trial, "the right password", accounts.sign_in(account))
    return trial.judgement()


def _locked(system: System) -> Expectation:
    contract = (("retry-after", r"[1-9]\d*"),)
    return expectation(
        system, 429, "too-many-attempts", tolerated=(401, 403, 423), contract=contract
    )


def _lockout(stage: Stage) -> Judgement:
    accounts, wanted = Accounts(stage), _locked(stage.system)
    auth = rules_of(stage)
    trial = Trial(f"{wanted} after {auth.lockout_failures} failures")
    account, other = accounts.sign_up(), accounts.sign_up()
    session = accounts.session(account)
    for number in range(auth.lockout_failures):
        answer = _fail(accounts, account)
        trial.expect(f"failure {number + 1}", answer, refused(stage.system))
    locked = accounts.sign_in(account)
    trial.expect("the right password", locked, wanted)
    _inspect(stage, trial, locked)
    works(trial, "somebody else", accounts.sign_in(other))
    works(trial, "GetMe of the sign-in before", accounts.me(session.access))
    return trial.judgement()


def _inspect(stage: Stage, trial: Trial, locked: Answer) -> None:
    for fault in leaks(locked):
        trial.found("body", fault)
    if not stage.system.has(CONTRACT):
        return
    for fault in problem_faults(locked):
        trial.found("document", fault)
    wait = locked.headers.get("retry-after", "")
    longest = rules_of(stage).lockout_for
    fits = wait.isdecimal() and 1 <= int(wait) <= longest
    trial.need(f"Retry-After up to {longest}", holds=fits, got=wait or "missing")


def _below(stage: Stage) -> Judgement:
    accounts, auth = Accounts(stage), rules_of(stage)
    trial = Trial(f"a sign-in after {auth.lockout_failures - 1} failures, and once more")
    account = accounts.sign_up()
    for _ in range(2):
        for _ in range(auth.lockout_failures - 1):
            trial.expect("a failure", _fail(accounts, account), refused(stage.system))
        answer = accounts.sign_in(account)
        trial.expect("the right password", answer, Expectation(statuses=(200, 201)))
    return trial.judgement()


def _lockout_of_nobody(stage: Stage) -> Judgement:
    accounts, auth = Accounts(stage), rules_of(stage)
    trial = Trial("the same answers for an address with and without an account")
    known = accounts.sign_up()
    works(trial, "the right password before", accounts.sign_in(known))
    nobody = Account(email=new_email(), password="")
    for number in range(auth.lockout_failures + 1):
        pair = _fail(accounts, known), _fail(accounts, nobody)
        told = "; ".join(_apart(*pair))
        trial.found(f"attempt {number + 1}", told, seen="alike")
    return trial.judgement()


def _apart(one: Answer, other: Answer) -> Iterator[str]:
    """Yield in what two refusals differ; the time to wait may have gone on."""
    if one.status != other.status:
        yield f"{one.status} and {other.status}"
    elif one.status != 429:
        yield from differences(one, other)
