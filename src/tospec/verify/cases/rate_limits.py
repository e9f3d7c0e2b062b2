"""Rate limits are told of, and counted for those whom the spec names.

No case uses a limit up: that would lock the run out. How much is left, which answers tell, shows
who is counted. The numbers are settings, so that an installation may have others than the spec.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from tospec.model import System
from tospec.verify.base import Answer, Judgement, Person, PlannedCase, Stage, Unavailable
from tospec.verify.probes.accounts import Accounts, named, new_email
from tospec.verify.probes.judging import Trial, shown, skipped
from tospec.verify.probes.topics import Kind, Run, Topic, place

NAME: Final = "rate-limits"
_REFERENCE: Final = "draft-ietf-httpapi-ratelimit-headers"
_POLICY: Final = re.compile(r'"[^"]+";q=[1-9][0-9]*;w=[1-9][0-9]*')
_LEFT: Final = re.compile(r'"[^"]+";r=([0-9]+);t=([0-9]+)')
_TIMES: Final = 4
_ADDRESSES: Final = {"X-Forwarded-For": "{}", "X-Real-IP": "{}", "Forwarded": "for={}"}


@dataclass(frozen=True, slots=True)
class _Left:
    """What an answer says is left: requests, and seconds to the next window."""

    requests: int
    seconds: int

    def is_before(self, other: "_Left") -> bool:
        """Return whether the other one counts on from this one, or in a new window."""
        return other.requests < self.requests or other.seconds > self.seconds


def _planned(system: System) -> Iterator[PlannedCase]:
    if system.rate_limits is None or system.auth is None:
        return
    rule = "Answers to who is signed in tell how often they may still ask."
    yield _case(system, "default", "told", rule, _told)
    if system.rate_limits.default.per == "user":
        rule = "Nobody is counted for somebody else."
        yield _case(system, "default", "others", rule, _others)
    rule = "An address is counted whatever the request says of where it comes from."
    yield _case(system, "sign_in", "address", rule, _address)
    rule = "Who asks too often is refused."
    yield _case(system, "default", "exceeded", rule, _exceeded)


def _case(system: System, limit: str, variant: str, rule: str, run: Run) -> PlannedCase:
    known = system.rate_limits
    topic = Topic(
        kind=NAME,
        label=limit,
        element=f"rate limit {limit}",
        reference=place(known.span if known else system.span),
        requirements=known.requirements if known else (),
    )
    return topic.case(variant, rule, run, reference=_REFERENCE, cost=8)


def _me(stage: Stage, person: Person) -> Answer:
    operation = named(stage.system, "GetMe")
    return stage.send(person, operation.method, operation.path)


def _left(trial: Trial, what: str, answer: Answer) -> _Left:
    """Return what an answer says is left; note when it says nothing, or not in form."""
    policy = answer.headers.get("ratelimit-policy", "missing")
    trial.need(f"RateLimit-Policy, {what}", holds=bool(_POLICY.fullmatch(policy)), got=policy)
    told = answer.headers.get("ratelimit", "missing")
    found = _LEFT.fullmatch(told)
    trial.need(f"RateLimit, {what}", holds=found is not None, got=told)
    return _Left(int(found[1]), int(found[2])) if found else _Left(-1, -1)


def _told(stage: Stage) -> Judgement:
    trial = Trial("RateLimit and RateLimit-Policy, and one request less each time")
    person = stage.person(stage.system.roles[0])
    answers = [_me(stage, person) for _ in range(2)]
    for answer in answers:
        trial.control("GetMe", answer, works=answer.status == 200)
    first, second = (_left(trial, "GetMe", answer) for answer in answers)
    counted = first.is_before(second)
    trial.need("the second time", holds=counted, got=f"{second.requests} left")
    return trial.judgement()


def _others(stage: Stage) -> Judgement:
    trial = Trial("as much left for a person as for another one who asked as often")
    role = stage.system.roles[-1]
    one, other = stage.fresh_person(role), stage.fresh_person(role)
    answers = [_me(stage, one) for _ in range(_TIMES)]
    theirs = _me(stage, other)
    trial.control("GetMe", theirs, works=theirs.status == 200)
    last, first = _left(trial, "one", answers[-1]), _left(trial, "another", theirs)
    holds = first.requests > last.requests
    trial.need("another person", holds=holds, got=f"{first.requests} left of {last.requests}")
    return trial.judgement()


def _address(stage: Stage) -> Judgement:
    trial = Trial("one request less, whatever X-Forwarded-For says")
    first = _left(trial, "signing in", _signing_in(stage, {}))
    for header, form in _ADDRESSES.items():
        host = f"203.0.113.{stage.random.randrange(1, 250)}"
        answer = _signing_in(stage, {header: form.format(host)})
        left = _left(trial, f"with {header}", answer)
        trial.need(header, holds=first.is_before(left), got=f"{left.requests} left")
        first = left
    return trial.judgement()


def _signing_in(stage: Stage, headers: Mapping[str, str]) -> Answer:
    operation = named(stage.system, "SignIn")
    body = {"email": new_email(), "password": Accounts(stage).password()}
    answer = stage.send(None, operation.method, operation.path, headers=headers, body=body)
    if not answer.status:
        raise Unavailable(f"signing in was answered by {shown(answer)}")
    return answer


def _exceeded(stage: Stage) -> Judgement:
    del stage
    return skipped(
        "429 quota-exceeded",
        "It would lock this run out; the tests that come with the backend use limits up.",
    )


KIND: Final = Kind(NAME, _planned)
