"""Passwords and addresses: which are taken, and that they are taken whole."""

from collections.abc import Iterator
from dataclasses import replace

from tospec.model import System
from tospec.verify.base import Judgement, PlannedCase, Stage
from tospec.verify.cases.sessions.common import case, invalid, refused, rules_of, works
from tospec.verify.probes.accounts import Accounts, auth_of, new_email
from tospec.verify.probes.judging import Expectation, Trial, expectation

_BAD_ADDRESSES = (
    "",
    "nobody",
    "@example.com",
    "nobody@",
    "two@@example.com",
    "a b@example.com",
    "a@b\r\nBcc: c@example.com",
    "a@exam ple.com",
    "\u0000@example.com",
    "a" * 250 + "@example.com",
)
_TRUNCATED = 72


def planned(system: System) -> Iterator[PlannedCase]:
    """Yield the cases."""
    auth = auth_of(system)
    least, most = auth.password_length if auth else (0, 0)
    rule = f"A password has {least} to {most} characters, counted as code points."
    yield case(system, "SignUp", "password-length", rule, _lengths)
    rule = "An address that is none is refused."
    yield case(system, "SignUp", "address", rule, _addresses, cost=len(_BAD_ADDRESSES) + 1)
    rule = "A password is taken exactly as it is sent."
    yield case(system, "SignIn", "exact-password", rule, _exact)
    rule = "An address has one account, however it is written."
    yield case(system, "SignUp", "one-account", rule, _one_account)
    if most > _TRUNCATED:
        rule = "A password counts to its last character."
        yield case(system, "SignIn", "whole-password", rule, _whole)


def _lengths(stage: Stage) -> Judgement:
    accounts, wanted = Accounts(stage), invalid(stage.system)
    least, most = rules_of(stage).password_length
    trial = Trial(f"{wanted} below {least} and beyond {most} characters")
    for length in (least - 1, most + 1):
        password = _letters(stage, length)
        answer = accounts.founded(email=new_email(), password=password)
        trial.expect(f"a password of {length} characters", answer, wanted)
    for length in (least, most):
        password = _letters(stage, length)
        email = new_email()
        answer = accounts.founded(email=email, password=password)
        trial.expect(f"a password of {length} characters", answer, _TAKEN)
    return trial.judgement()


_TAKEN = Expectation(statuses=(200, 201))


def _letters(stage: Stage, length: int) -> str:
    """Return a password, one letter of it outside of ASCII: two bytes, one character."""
    letters = stage.random.choices(
        "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789", k=length
    )
    return "é" + "".join(letters[1:])


def _addresses(stage: Stage) -> Judgement:
    accounts, wanted = Accounts(stage), invalid(stage.system)
    wanted = Expectation(statuses=(*wanted.statuses, 400))
    trial = Trial(str(wanted))
    for address in _BAD_ADDRESSES:
        answer = accounts.founded(email=address, password=accounts.password())
        trial.expect(f"the address {address[:30]!r}", answer, wanted)
    answer = accounts.founded(email=new_email(), password=accounts.password())
    works(trial, "an ordinary address", answer)
    return trial.judgement()


def _whole(stage: Stage) -> Judgement:
    accounts, wanted = Accounts(stage), refused(stage.system)
    _, most = rules_of(stage).password_length
    trial = Trial(str(wanted))
    password = _letters(stage, most)
    account = accounts.sign_up(password=password)
    cut = password.encode()[:_TRUNCATED].decode("utf-8", "ignore")
    for name, other in (
        (f"its first {_TRUNCATED} bytes", cut),
        ("all but its last character", password[:-1]),
        ("another last character", password[:-1] + ("x" if password[-1] != "x" else "y")),
    ):
        trial.expect(name, accounts.sign_in(account, password=other), wanted)
    works(trial, "the whole password", accounts.sign_in(account))
    return trial.judgement()


def _exact(stage: Stage) -> Judgement:
    accounts, wanted = Accounts(stage), refused(stage.system)
    trial = Trial(str(wanted))
    account = accounts.sign_up()
    for name, other in (
        ("with a blank before it", f" {account.password}"),
        ("with a blank after it", f"{account.password} "),
        ("with a line end after it", f"{account.password}\n"),
    ):
        trial.expect(name, accounts.sign_in(account, password=other), wanted)
    works(trial, "the password as it is", accounts.sign_in(account))
    return trial.judgement()


def _one_account(stage: Stage) -> Judgement:
    accounts = Accounts(stage)
    wanted = expectation(
        stage.system, 409, "conflict-unique", tolerated=(*invalid(stage.system).statuses, 400)
    )
    trial = Trial(f"one account, and {wanted} for a second one")
    account = accounts.sign_up()
    name, _, domain = account.email.partition("@")
    written = f"{name.upper()}@{domain.upper()}"
    works(trial, "signing in", accounts.sign_in(account))
    answer = accounts.sign_in(replace(account, email=written))
    trial.expect("signing in with it in capitals", answer, _TAKEN)
    for email in (account.email, written):
        answer = accounts.founded(email=email, password=accounts.password())
        trial.expect(
            f"signing up once more {'as it was' if email != written else 'in capitals'}",
            answer,
            wanted,
        )
    return trial.judgement()
