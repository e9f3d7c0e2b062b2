"""Headers of every answer: request ids, traces, caching, sniffing, and nothing about the server."""

import re
from collections.abc import Iterator
from typing import Final

from tospec.model import Kind as Does
from tospec.model import Operation, System
from tospec.verify.base import NOTHING, Answer, Judgement, PlannedCase, Stage
from tospec.verify.probes.judging import CONTRACT, Trial, shown, succeeded
from tospec.verify.probes.ready import ready
from tospec.verify.probes.routes import nowhere, somebody
from tospec.verify.probes.topics import Kind, Run, Topic, about, place

NAME: Final = "headers"
_EVIL: Final = "evil.example"
_ORIGINS: Final = (f"https://{_EVIL}", "null", "http://localhost.evil.example")
_ID: Final = re.compile(r"[A-Za-z0-9_-]{8,128}")
_PARENT: Final = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}")
_TRACE: Final = "4bf92f3577b34da6a3ce929d0e0e4736"
_SPAN: Final = "00f067aa0ba902b7"
_KEPT_IDS: Final = ("request-12", "A_z-" * 32, "0123456789abcdef")
_REPLACED_IDS: Final = (
    "short12",
    "a" * 129,
    "with space",
    "../../etc/passwd",
    "<script>alert(1)</script>",
    "{{7*7}}${jndi:x}",
    "request\x1b[31m",
    "ünïcode-id",
)
_BAD_PARENTS: Final = (
    f"ff-{_TRACE}-{_SPAN}-01",
    f"00-{'0' * 32}-{_SPAN}-01",
    f"00-{_TRACE}-{'0' * 16}-01",
    f"00-{_TRACE.upper()}-{_SPAN}-01",
    f"00-{_TRACE}-{_SPAN}-01-more",
    "garbage",
)
_TELLING: Final = ("server", "x-powered-by", "x-aspnet-version", "x-runtime", "via")

type Headers = dict[str, str] | list[tuple[str, str]]


def _planned(system: System) -> Iterator[PlannedCase]:
    for operation in system.operations:
        yield _plain(operation)
        if operation.kind is not Does.ACCOUNT:
            yield _success(operation)
        if operation.kind is Does.CREATE:
            yield _location(operation)
    for path in system.watch.endpoints if system.watch else ():
        yield _watched(system, path)
    simple = next((each for each in system.operations if _is_simple(each)), None)
    if simple is not None:
        yield from _of_requests(system, simple)


def _is_simple(operation: Operation) -> bool:
    return operation.method == "GET" and "{" not in operation.path


def _plain(operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        trial = Trial("the headers of every answer")
        path = nowhere(stage, operation.path)
        _inspect(stage, trial, stage.send(None, operation.method, path))
        if operation.name != "SignOut":
            person = somebody(stage, operation)
            _inspect(stage, trial, stage.send(person, operation.method, path))
        return trial.judgement()

    rule = "A refusal is not cached, not sniffed, has a request id, and tells no other origin."
    return about(NAME, operation).case("refusal", rule, run, reference="OWASP ASVS 14.3", cost=2)


def _success(operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        trial = Trial("the headers of every answer")
        scene = ready(stage, operation)
        _inspect(stage, trial, scene.control(trial))
        return trial.judgement()

    rule = "A success is not cached, not sniffed, has a request id, and tells no other origin."
    return about(NAME, operation).case("success", rule, run, reference="OWASP ASVS 14.3", cost=5)


def _inspect(stage: Stage, trial: Trial, answer: Answer, *, private: bool = True) -> None:
    """Hold the headers of an answer against what each answer has to have."""
    told = answer.headers
    trial.need("an answer", holds=0 < answer.status < 500, got=shown(answer))
    for name in _TELLING:
        version = re.search(r"\d", told.get(name, ""))
        trial.need(f"no version in {name}", holds=version is None, got=told.get(name, ""))
    trial.need("no cookie", holds="set-cookie" not in told, got="Set-Cookie")
    type_ = told.get("content-type", "")
    fits = bool(type_) if answer.body else answer.status != 204 or not type_
    trial.need("Content-Type", holds=fits, got=type_ or "missing")
    trial.need("no HTML", holds="html" not in type_, got=type_)
    if not stage.system.has(CONTRACT):
        return
    sniffing = told.get("x-content-type-options", "missing")
    trial.need("X-Content-Type-Options", holds=sniffing == "nosniff", got=sniffing)
    cached = told.get("cache-control", "missing")
    trial.need("Cache-Control", holds=not private or "no-store" in cached, got=cached)
    id_ = told.get("x-request-id", "missing")
    trial.need("X-Request-Id", holds=bool(_ID.fullmatch(id_)), got=id_)


def _watched(system: System, path: str) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        trial = Trial("the headers of every answer")
        _inspect(stage, trial, stage.send(None, "GET", path), private=False)
        return trial.judgement()

    return _endpoint(system, path).case("headers", "Endpoints for watchers tell no more.", run)


def _endpoint(system: System, path: str) -> Topic:
    watch = system.watch
    return Topic(
        kind=NAME,
        label=path.strip("/"),
        element=f"endpoint {path}",
        reference=place(watch.span) if watch else "",
        requirements=watch.requirements if watch else (),
    )


def _location(operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        trial = Trial("no header or body that holds the host that a client made up")
        scene = ready(stage, operation)
        headers = {
            "X-Forwarded-Host": _EVIL,
            "Forwarded": f"host={_EVIL}",
            "X-Host": _EVIL,
            "X-Forwarded-Proto": "gopher",
        }
        answer = scene.send(headers=headers)
        trial.control(f"{operation.name} with such headers", answer, works=succeeded(answer))
        everything = " ".join([*answer.headers.values(), answer.body.decode("utf-8", "replace")])
        trial.need("the answer", holds=_EVIL not in everything, got=f"{_EVIL} comes back")
        return trial.judgement()

    rule = "What a client says about hosts and proxies leads nobody elsewhere."
    return about(NAME, operation).case("location", rule, run, reference="CWE-601", cost=4)


def _of_requests(system: System, operation: Operation) -> Iterator[PlannedCase]:
    topic = about(NAME, operation)
    rule = "No other origin is allowed to read answers in a browser."
    yield topic.case("origins", rule, _origins(operation), reference="Fetch §3.3", cost=7)
    rule = "A range is not served: answers are whole."
    yield topic.case("range", rule, _range(operation), reference="RFC 9110 §14.2", cost=2)
    if system.has(CONTRACT):
        rule = "A client's request id is kept if it is harmless, and replaced otherwise."
        yield topic.case("request-id", rule, _request_ids(operation), cost=14)
        rule = "A valid trace is carried on, any other one is begun anew."
        run = _traces(operation)
        yield topic.case("trace", rule, run, reference="W3C Trace Context §3.2", cost=10)


def _ask(stage: Stage, operation: Operation, headers: Headers) -> Answer:
    return stage.send(somebody(stage, operation), "GET", operation.path, headers=headers)


def _origins(operation: Operation) -> Run:
    def run(stage: Stage) -> Judgement:
        trial = Trial("no Access-Control-Allow-Origin")
        plain = _ask(stage, operation, {})
        trial.control("GET without an origin", plain, works=succeeded(plain))
        for origin in _ORIGINS:
            asked = {"Origin": origin}
            _no_origin(trial, origin, _ask(stage, operation, asked))
            asked |= {"Access-Control-Request-Method": "DELETE"}
            _no_origin(trial, origin, stage.send(None, "OPTIONS", operation.path, headers=asked))
        return trial.judgement()

    return run


def _no_origin(trial: Trial, origin: str, answer: Answer) -> None:
    told = answer.headers.get("access-control-allow-origin", "")
    trial.need(f"for {origin}", holds=told not in {"*", origin}, got=told)


def _range(operation: Operation) -> Run:
    def run(stage: Stage) -> Judgement:
        trial = Trial("200 with the whole body")
        plain = _ask(stage, operation, {})
        trial.control("GET without a range", plain, works=succeeded(plain))
        part = _ask(stage, operation, {"Range": "bytes=0-1"})
        whole = part.status == plain.status and part.json is not NOTHING
        trial.need("Range: bytes=0-1", holds=whole, got=shown(part))
        return trial.judgement()

    return run


def _request_ids(operation: Operation) -> Run:
    def run(stage: Stage) -> Judgement:
        trial = Trial("the id that was sent, if it has 8 to 128 letters, digits, '_' or '-'")
        for sent in _KEPT_IDS:
            told = _id_for(stage, operation, [("X-Request-Id", sent)])
            trial.need(f"{sent[:20]} is kept", holds=told == sent, got=told)
        for sent in _REPLACED_IDS:
            told = _id_for(stage, operation, [("X-Request-Id", sent)])
            fresh = bool(_ID.fullmatch(told)) and told != sent
            trial.need(f"{sent[:20]!r} is replaced", holds=fresh, got=told)
        first, second = _KEPT_IDS[:2]
        told = _id_for(stage, operation, [("X-Request-Id", first), ("X-Request-Id", second)])
        fresh = bool(_ID.fullmatch(told)) and told not in {first, second}
        trial.need("two ids are replaced", holds=fresh, got=told)
        ids = [_id_for(stage, operation, []) for _ in range(2)]
        trial.need("two requests have two ids", holds=ids[0] != ids[1], got=ids[0])
        return trial.judgement()

    return run


def _id_for(stage: Stage, operation: Operation, headers: Headers) -> str:
    return _ask(stage, operation, headers).headers.get("x-request-id", "missing")


def _traces(operation: Operation) -> Run:
    def run(stage: Stage) -> Judgement:
        trial = Trial("the trace that was sent, with a span of its own")
        for version in ("00", "cc"):
            trace, span = _trace_for(stage, operation, [f"{version}-{_TRACE}-{_SPAN}-01"])
            carried = trace == _TRACE and span not in {_SPAN, ""}
            trial.need(f"version {version}", holds=carried, got=f"trace {trace}, span {span}")
        for parent in _BAD_PARENTS:
            trace, _ = _trace_for(stage, operation, [parent])
            fresh = trace not in {_TRACE, ""}
            trial.need(f"{parent[:60]} is ignored", holds=fresh, got=f"trace {trace}")
        trace, _ = _trace_for(stage, operation, [f"00-{_TRACE}-{_SPAN}-01"] * 2)
        trial.need("two parents are ignored", holds=trace not in {_TRACE, ""}, got=trace)
        return trial.judgement()

    return run


def _trace_for(stage: Stage, operation: Operation, parents: list[str]) -> tuple[str, str]:
    headers = [("traceparent", parent) for parent in parents]
    told = _ask(stage, operation, headers).headers.get("traceparent", "")
    found = _PARENT.fullmatch(told)
    return (found.group(1), found.group(2)) if found else ("", "")


KIND: Final = Kind(NAME, _planned)
