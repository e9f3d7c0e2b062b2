"""Tokens: what a sign-in gives, rotation, reuse, signing out, mixing kinds up."""

from collections.abc import Iterator
from functools import partial

from tospec.model import System
from tospec.verify.base import Judgement, PlannedCase, Request, Stage
from tospec.verify.cases.sessions.common import case, expect_in_time, refused, rules_of, works
from tospec.verify.probes.accounts import Accounts, member, named, session_of
from tospec.verify.probes.judging import CONTRACT, Trial, shown, succeeded
from tospec.verify.probes.routes import random_id
from tospec.verify.probes.tokens import jwt

_REFERENCE = "RFC 9700 §4.14"


def planned(system: System) -> Iterator[PlannedCase]:
    """Yield the cases."""
    rule = "A sign-in gives an access token for as long as the spec says, and a refresh token."
    yield case(system, "SignIn", "tokens", rule, _tokens, cost=4)
    rule = "A refresh gives new tokens, which work."
    yield case(system, "RefreshToken", "rotation", rule, _rotation, reference=_REFERENCE)
    rule = "The second use of a refresh token is refused and ends the whole sign-in."
    yield case(system, "RefreshToken", "reuse", rule, _reuse, reference=_REFERENCE, cost=9)
    rule = "Of two refreshes at once with one token, one wins."
    yield case(system, "RefreshToken", "race", rule, _race, reference=_REFERENCE)
    rule = "A refresh token that nobody gave is refused."
    yield case(system, "RefreshToken", "invented", rule, _invented, reference=_REFERENCE)
    rule = "An access token does not refresh, and a refresh token does not sign in."
    yield case(system, "RefreshToken", "mixed-up", rule, _mixed_up, reference="RFC 8725 §3.11")
    rule = "After signing out, the tokens of this sign-in are refused, those of others are not."
    yield case(system, "SignOut", "ends", rule, _sign_out, reference=_REFERENCE, cost=9)


def _tokens(stage: Stage) -> Judgement:
    accounts, auth = Accounts(stage), rules_of(stage)
    trial = Trial(f"tokens, the access token valid for {auth.access_token} seconds")
    account = accounts.sign_up()
    answer = works(trial, "SignIn", accounts.sign_in(account))
    session = session_of(answer)
    told = answer.json if isinstance(answer.json, dict) else {}
    kind = str(told.get("token_type"))
    trial.need("token_type", holds=kind.lower() == "bearer", got=kind)
    lifetime = told.get("expires_in")
    trial.need("expires_in", holds=lifetime == auth.access_token, got=str(lifetime))
    if (token := jwt(session.access)) is not None:
        issued, expires = token.payload.get("iat"), token.payload.get("exp")
        fits = isinstance(issued, int) and expires == issued + auth.access_token
        trial.need("exp of the token", holds=fits, got=f"iat {issued}, exp {expires}")
        secret = account.password in str(token.payload) or account.email in str(token.payload)
        trial.need("no address in the token", holds=not secret, got="the token tells more")
    me = accounts.me(session.access)
    trial.need("GetMe", holds=member(me.json, "user", "email") == account.email, got=shown(me))
    return trial.judgement()


def _rotation(stage: Stage) -> Judgement:
    accounts, trial = Accounts(stage), Trial("new tokens that work")
    first = accounts.session(accounts.sign_up())
    second = session_of(works(trial, "RefreshToken", accounts.refresh(first.refresh)))
    fresh = first.refresh != second.refresh and first.access != second.access
    trial.need("the tokens", holds=fresh, got="the same as before")
    me = accounts.me(second.access)
    trial.need("GetMe with the new token", holds=succeeded(me), got=shown(me))
    again = accounts.refresh(second.refresh)
    trial.need("the new refresh token", holds=succeeded(again), got=shown(again))
    return trial.judgement()


def _reuse(stage: Stage) -> Judgement:
    accounts, wanted = Accounts(stage), refused(stage.system)
    trial = Trial(f"{wanted}, and then for every token of this sign-in")
    account = accounts.sign_up()
    first, other = accounts.session(account), accounts.session(account)
    second = session_of(works(trial, "the first use", accounts.refresh(first.refresh)))
    works(trial, "GetMe with the new token", accounts.me(second.access))
    trial.expect("the second use", accounts.refresh(first.refresh), wanted)
    trial.expect("the token that replaced it", accounts.refresh(second.refresh), wanted)
    if stage.system.has(CONTRACT):
        again = partial(accounts.me, second.access)
        expect_in_time(stage, trial, "the access token", again, wanted)
    works(trial, "GetMe of another sign-in", accounts.me(other.access))
    return trial.judgement()


def _race(stage: Stage) -> Judgement:
    accounts, trial = Accounts(stage), Trial("one success, the other refused, and no 5xx")
    session = accounts.session(accounts.sign_up())
    # Afterwards is no time for it: who takes the second use for theft ends the sign-in.
    works(trial, "GetMe of the sign-in", accounts.me(session.access))
    operation = named(stage.system, "RefreshToken")
    body = {"refresh_token": session.refresh}
    one = Request(method=operation.method, path=operation.path, body=body)
    answers = stage.race([one, one])
    told = " and ".join(map(shown, answers))
    winners = [each for each in answers if succeeded(each)]
    trial.need("two at once", holds=len(winners) == 1, got=told)
    broken = any(each.status >= 500 or each.fault for each in answers)
    trial.need("the one who lost", holds=not broken, got=told)
    return trial.judgement()


def _invented(stage: Stage) -> Judgement:
    accounts, wanted = Accounts(stage), refused(stage.system)
    trial = Trial(str(wanted))
    session = accounts.session(accounts.sign_up())
    middle = len(session.refresh) // 2
    other = "A" if session.refresh[middle] != "A" else "B"
    flipped = session.refresh[:middle] + other + session.refresh[middle + 1 :]
    for name, token in (
        ("an invented one", random_id(stage.random)),
        ("one with another letter", flipped),
        ("half of one", session.refresh[:middle]),
    ):
        trial.expect(name, accounts.refresh(token), wanted)
    works(trial, "the right one", accounts.refresh(session.refresh))
    return trial.judgement()


def _mixed_up(stage: Stage) -> Judgement:
    accounts, wanted = Accounts(stage), refused(stage.system)
    trial = Trial(str(wanted))
    session = accounts.session(accounts.sign_up())
    trial.expect("GetMe with the refresh token", accounts.me(session.refresh), wanted)
    answer = accounts.refresh(session.access)
    refusals = {401, 422} if stage.system.has(CONTRACT) else {*wanted.statuses, 422}
    trial.need(
        "a refresh with the access token", holds=answer.status in refusals, got=shown(answer)
    )
    works(trial, "GetMe with the access token", accounts.me(session.access))
    works(trial, "a refresh with the refresh token", accounts.refresh(session.refresh))
    return trial.judgement()


def _sign_out(stage: Stage) -> Judgement:
    accounts, wanted = Accounts(stage), refused(stage.system)
    trial = Trial(f"{wanted} for the tokens of this sign-in")
    account = accounts.sign_up()
    session, other = accounts.session(account), accounts.session(account)
    works(trial, "GetMe before", accounts.me(session.access))
    works(trial, "SignOut", accounts.call("SignOut", token=session.access))
    trial.expect("a refresh after", accounts.refresh(session.refresh), wanted)
    after = partial(accounts.me, session.access)
    expect_in_time(stage, trial, "GetMe after", after, wanted)
    works(trial, "GetMe of another sign-in", accounts.me(other.access))
    works(trial, "signing in again", accounts.sign_in(account))
    return trial.judgement()
