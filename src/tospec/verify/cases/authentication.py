"""Who is not signed in learns and does nothing: spoiled credentials are as good as none."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from tospec.model import Operation, System
from tospec.verify.base import NOTHING, Answer, Judgement, Person, PlannedCase, Stage
from tospec.verify.probes.judging import (
    CONTRACT,
    Expectation,
    Trial,
    expectation,
    skipped,
    succeeded,
)
from tospec.verify.probes.problem import differences
from tospec.verify.probes.routes import denied, is_protected, nowhere, random_id, somebody
from tospec.verify.probes.tokens import SCHEME, Tampering, bearer, jwt, tamperings
from tospec.verify.probes.topics import Kind, Topic, about

NAME: Final = "authentication"
_CHALLENGE: Final = rf'{SCHEME} realm="[^"]*"'
_INVALID: Final = rf'{_CHALLENGE}(, ?error="invalid_token"(, ?error_description="[^"]*")?)?'
_REFERENCE: Final = "RFC 9110 §11.6.1, RFC 6750 §3"
_NO_JWT: Final = "The target's credentials are no JSON Web Tokens."

type Headers = list[tuple[str, str]]

_GARBLED: Final[dict[str, Callable[[str], Headers]]] = {
    "garbage": lambda _: [("Authorization", f"{SCHEME} garbage")],
    "scheme-alone": lambda _: [("Authorization", SCHEME)],
    "no-scheme": lambda token: [("Authorization", token)],
    "basic": lambda _: [("Authorization", "Basic YWRtaW46YWRtaW4=")],
    "other-scheme": lambda token: [("Authorization", f"Token {token}")],
    "prefix": lambda token: [("Authorization", f"{SCHEME} {token[:-5]}")],
    "suffix": lambda token: [("Authorization", f"{SCHEME} {token}AAAA")],
    "null": lambda _: [("Authorization", f"{SCHEME} null")],
    "comma": lambda token: [("Authorization", f"{SCHEME} x, {SCHEME} {token}")],
}
_ODD: Final[dict[str, Callable[[str], Headers]]] = {
    "two-headers": lambda token: [("Authorization", f"{SCHEME} x"), ("Authorization", token)],
    "two-tokens": lambda token: [
        ("Authorization", f"{SCHEME} {token}"),
        ("Authorization", f"{SCHEME} x"),
    ],
    "non-ascii": lambda _: [("Authorization", f"{SCHEME} tökén")],
    "very-long": lambda _: [("Authorization", f"{SCHEME} {'A' * 40_000}")],
    "quoted": lambda token: [("Authorization", f'{SCHEME} "{token}"')],
}
_ELSEWHERE: Final[dict[str, Callable[[str], Headers]]] = {
    "cookie": lambda token: [("Cookie", f"access_token={token}; session={token}")],
    "other-header": lambda token: [("X-Access-Token", token), ("X-Auth-Token", token)],
    "proxy-header": lambda token: [("Proxy-Authorization", f"{SCHEME} {token}")],
}


def _planned(system: System) -> Iterator[PlannedCase]:
    protected = [each for each in system.operations if is_protected(system, each)]
    ways = tamperings()
    for index, operation in enumerate(protected):
        yield _without(operation)
        yield _spoiled(about(NAME, operation), operation, ways[index % len(ways)])
    if protected:
        yield from _all_on_one(_simplest(protected))


def _simplest(operations: list[Operation]) -> Operation:
    """Return an operation that anybody can ask without any object: best one for everybody."""
    return min(
        operations,
        key=lambda each: (
            each.method != "GET",
            "{" in each.path,
            each.permission is not None,
            each.view is None,
        ),
    )


def _all_on_one(operation: Operation) -> Iterator[PlannedCase]:
    topic = about(NAME, operation)
    for name, garbled in _GARBLED.items():
        yield _garbled(topic, operation, name, garbled)
    for name, odd in _ODD.items():
        yield _odd(topic, operation, name, odd)
    for tampering in tamperings():
        yield _spoiled(topic, operation, tampering, variant="jwt-")
    for name, elsewhere in _ELSEWHERE.items():
        yield _elsewhere(topic, operation, name, elsewhere)
    yield _in_query(topic, operation)
    yield _uniform(topic, operation)
    yield _claimed_identity(topic, operation)


def _without(operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        contract = (("www-authenticate", _CHALLENGE),)
        wanted = _refused(stage.system, contract)
        trial, path = _controlled(stage, operation, wanted)
        answer = stage.send(None, operation.method, path)
        trial.expect("without credentials", answer, wanted)
        return trial.judgement()

    rule = "An operation that wants a sign-in refuses whoever sends no credentials."
    return about(NAME, operation).case("none", rule, run, reference=_REFERENCE, cost=2)


def _refused(system: System, contract: tuple[tuple[str, str], ...] = ()) -> Expectation:
    musts = (("www-authenticate", ".+"),)
    return expectation(system, 401, "unauthenticated", musts=musts, contract=contract)


def _invalid(system: System) -> Expectation:
    return _refused(system, (("www-authenticate", _INVALID),))


def _controlled(stage: Stage, operation: Operation, wanted: Expectation) -> tuple[Trial, str]:
    """Return a trial whose control is the same request by somebody who is signed in."""
    path = nowhere(stage, operation.path)
    trial = Trial(str(wanted))
    answer = stage.send(_asker(stage, operation), operation.method, path)
    works = answer.status != 401 and 0 < answer.status < 500
    trial.control(f"{operation.method} {path} signed in", answer, works=works)
    return trial, path


def _asker(stage: Stage, operation: Operation) -> Person | None:
    if operation.name == "SignOut":
        return stage.fresh_person(stage.system.roles[-1])
    return somebody(stage, operation)


def _token(stage: Stage, operation: Operation) -> str | None:
    person = somebody(stage, operation)
    return None if person is None else bearer(stage.credentials(person))


def _spoiled(
    topic: Topic, operation: Operation, tampering: Tampering, variant: str = ""
) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        wanted = _invalid(stage.system)
        token = jwt(_token(stage, operation))
        if token is None:
            return skipped(str(wanted), _NO_JWT)
        trial, path = _controlled(stage, operation, wanted)
        headers = {"Authorization": f"{SCHEME} {tampering.of(token)}"}
        answer = stage.send(None, operation.method, path, headers=headers)
        trial.expect(f"token with {tampering.name}", answer, wanted)
        return trial.judgement()

    rule = f"A token that has been tampered with is refused ({tampering.name})."
    name = f"{variant}{tampering.name}" if variant else "tampered"
    return topic.case(name, rule, run, reference="RFC 8725", cost=2)


def _garbled(
    topic: Topic, operation: Operation, name: str, garbled: Callable[[str], Headers]
) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        wanted = _invalid(stage.system)
        trial, path = _controlled(stage, operation, wanted)
        headers = garbled(_token(stage, operation) or "token")
        answer = stage.send(None, operation.method, path, headers=headers)
        trial.expect(f"Authorization: {name}", answer, wanted)
        return trial.judgement()

    rule = f"An Authorization header that holds no valid token is refused ({name})."
    return topic.case(f"header-{name}", rule, run, reference=_REFERENCE, cost=2)


def _odd(
    topic: Topic, operation: Operation, name: str, odd: Callable[[str], Headers]
) -> PlannedCase:
    wanted = Expectation(statuses=(401, 400, 431))

    def run(stage: Stage) -> Judgement:
        trial, path = _controlled(stage, operation, wanted)
        headers = odd(_token(stage, operation) or "token")
        answer = stage.send(None, operation.method, path, headers=headers)
        trial.expect(f"Authorization: {name}", answer, wanted)
        return trial.judgement()

    rule = f"An odd Authorization header is refused and breaks nothing ({name})."
    return topic.case(f"header-{name}", rule, run, reference=_REFERENCE, cost=2)


def _elsewhere(
    topic: Topic, operation: Operation, name: str, elsewhere: Callable[[str], Headers]
) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        wanted = _refused(stage.system)
        trial, path = _controlled(stage, operation, wanted)
        headers = elsewhere(_token(stage, operation) or "token")
        answer = stage.send(None, operation.method, path, headers=headers)
        trial.expect(f"the token in a {name}", answer, wanted)
        return trial.judgement()

    rule = f"A token counts in the Authorization header only, not in a {name}."
    return topic.case(f"place-{name}", rule, run, reference="OWASP ASVS 9.2", cost=2)


def _in_query(topic: Topic, operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        wanted = _refused(stage.system)
        trial, path = _controlled(stage, operation, wanted)
        query = {"access_token": _token(stage, operation) or "token"}
        answer = stage.send(None, operation.method, path, query=query)
        trial.expect("the token in the query alone", answer, wanted)
        if stage.system.has(CONTRACT):
            both = stage.send(_asker(stage, operation), operation.method, path, query=query)
            ambiguous = Expectation(statuses=(400,), code="ambiguous-credentials")
            trial.expect("the token in header and query", both, ambiguous)
        return trial.judgement()

    rule = "A token in the query is not accepted: it would stand in logs."
    return topic.case("place-query", rule, run, reference="RFC 6750 §5.3", cost=3)


def _uniform(topic: Topic, operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        trial, path = _controlled(stage, operation, _refused(stage.system))
        trial.expected = "the same answer whatever is wrong with a token"
        answers = dict(_refusals(stage, operation, path))
        first = next(iter(answers.values()))
        for name, answer in answers.items():
            trial.found(name, "; ".join(differences(first, answer)), seen=str(answer.status))
        return trial.judgement()

    rule = "A refusal does not tell what is wrong with a token."
    return topic.case("uniform", rule, run, reference="OWASP ASVS 6.3.8", cost=8)


def _refusals(stage: Stage, operation: Operation, path: str) -> Iterator[tuple[str, Answer]]:
    token = jwt(_token(stage, operation))
    sent = {"garbage": "garbage"}
    if token is not None:
        chosen = ("alg-none", "signature-flipped", "lifetime-extended", "other-subject")
        sent |= {each.name: each.of(token) for each in tamperings() if each.name in chosen}
    for name, text in sent.items():
        headers = {"Authorization": f"{SCHEME} {text}"}
        yield name, stage.send(None, operation.method, path, headers=headers)


def _claimed_identity(topic: Topic, operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        path = nowhere(stage, operation.path)
        claims = _claims(stage, random_id(stage.random))
        trial = Trial("the answer to whoever the token says, whatever other headers claim")
        person = _asker(stage, operation)
        plain = stage.send(person, operation.method, path)
        trial.control("with the token alone", plain, works=succeeded(plain))
        claimed = stage.send(person, operation.method, path, headers=claims)
        same = (plain.status, _text(plain)) == (claimed.status, _text(claimed))
        trial.need("with headers that claim to be others", holds=same, got=str(claimed.status))
        _claimed_role(stage, trial, claims)
        alone = stage.send(None, operation.method, path, headers=claims)
        trial.expect("with these headers alone", alone, _refused(stage.system))
        return trial.judgement()

    rule = "Who asks follows from the token, never from other headers."
    return topic.case("claimed-identity", rule, run, reference="OWASP ASVS 4.1.3", cost=3)


def _claimed_role(stage: Stage, trial: Trial, claims: Mapping[str, str]) -> None:
    """Whoever lacks a permission lacks it, whichever role other headers claim."""
    for operation in stage.system.operations:
        without = denied(stage.system, operation)
        if operation.method == "GET" and without and "{" not in operation.path:
            person = stage.person(without[-1])
            plain = stage.send(person, "GET", operation.path)
            claimed = stage.send(person, "GET", operation.path, headers=claims)
            trial.control(f"{operation.name} by {without[-1]}", plain, works=plain.status == 403)
            holds = claimed.status == plain.status
            trial.need("with a claim of another role", holds=holds, got=str(claimed.status))
            return


def _claims(stage: Stage, nobody: str) -> dict[str, str]:
    other = stage.person(stage.system.roles[0], tenant=1)
    user, tenant = other.user_id or nobody, other.tenant_id or nobody
    return {
        "X-User-Id": user,
        "X-Forwarded-User": user,
        "X-Remote-User": user,
        "X-Tenant-Id": tenant,
        "X-Organization-Id": tenant,
        "X-Role": stage.system.roles[0],
        "X-Original-URL": "/",
        "X-HTTP-Method-Override": "DELETE",
    }


def _text(answer: Answer) -> bytes | object:
    return answer.body if answer.json is NOTHING else answer.json


KIND: Final = Kind(NAME, _planned)
