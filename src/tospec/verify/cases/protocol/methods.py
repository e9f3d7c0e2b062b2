"""Each path offers its methods and no others, tells which, and answers HEAD like GET."""

from collections.abc import Iterator
from typing import Final

from tospec.model import Operation, System
from tospec.verify.base import Answer, Judgement, PlannedCase, Stage
from tospec.verify.cases.protocol.common import first_at, topic_of
from tospec.verify.probes.judging import CONTRACT, Expectation, Trial, expectation, shown
from tospec.verify.probes.routes import SAFE, normalized, nowhere, somebody, templates

_INVENTED: Final = "INVENTED"
_METHODS: Final = (
    *("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "OPTIONS", "PROPFIND"),
    _INVENTED,
)
_ALIKE: Final = ("content-type", "etag", "cache-control")


def planned(system: System) -> Iterator[PlannedCase]:
    """Yield the cases of each path."""
    together: dict[str, tuple[str, tuple[str, ...]]] = {}
    for path, methods in templates(system).items():
        _, known = together.get(normalized(path), ("", ()))
        together[normalized(path)] = (path, tuple(sorted({*known, *methods})))
    for path, methods in together.values():
        yield _others(system, path, methods)
        yield _options(system, path, methods)
        if "GET" in methods:
            yield _head(system, path)
        if first_at(system, path) is not None:
            yield _slash(system, path, methods)


def _others(system: System, path: str, methods: tuple[str, ...]) -> PlannedCase:
    wrong = [method for method in _METHODS if method not in methods]

    def run(stage: Stage) -> Judgement:
        where = nowhere(stage, path)
        trial = Trial("405, and Allow with " + ", ".join(methods))
        right = next(method for method in (*SAFE, *methods) if method in methods)
        control = stage.send(None, right, where)
        trial.control(f"{right} {where}", control, works=control.status not in {405, 501})
        for method in wrong:
            answer = stage.send(None, method, where)
            trial.found(method, _not_allowed(stage.system, answer, methods, method))
        return trial.judgement()

    rule = "A path refuses the methods that it does not offer, and tells which it does."
    return topic_of(system, path).case(
        "methods", rule, run, reference="RFC 9110 §15.5.6", cost=len(wrong) + 1
    )


def _not_allowed(system: System, answer: Answer, methods: tuple[str, ...], method: str) -> str:
    if method == _INVENTED and answer.status in {400, 501}:
        # Some readers of messages know a list of methods, and take any other for no request.
        return ""
    code = "" if method == "HEAD" else "method-not-allowed"
    wanted = expectation(system, 405, code, tolerated=(404, 400, 501))
    fault = wanted.fault(answer)
    if fault or answer.status != 405:
        return fault
    told = {each.strip().upper() for each in answer.headers.get("allow", "").split(",")}
    if "allow" not in answer.headers:
        return "405 without Allow"
    if system.has(CONTRACT) and told != set(methods):
        return f"Allow is {answer.headers['allow']}"
    return "405 that allows the method" if method in told else ""


def _options(system: System, path: str, methods: tuple[str, ...]) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        where = nowhere(stage, path)
        if not stage.system.has(CONTRACT):
            wanted = Expectation(statuses=(200, 204, 401, 403, 404, 405))
        else:
            wanted = Expectation(statuses=(204,), headers=(("allow", ".+"),))
        trial = Trial(str(wanted))
        answer = stage.send(None, "OPTIONS", where)
        trial.expect("OPTIONS", answer, wanted)
        if stage.system.has(CONTRACT):
            told = {each.strip() for each in answer.headers.get("allow", "").split(",")}
            trial.need("Allow", holds=told == set(methods), got=", ".join(sorted(told)))
        return trial.judgement()

    rule = "OPTIONS tells which methods a path offers."
    return topic_of(system, path).case("options", rule, run, reference="RFC 9110 §9.3.7", cost=1)


def _head(system: System, path: str) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        where = nowhere(stage, path)
        operation = _reading(stage.system, path)
        person = somebody(stage, operation) if operation else None
        trial = Trial("the status and headers of GET, and no body")
        get = stage.send(person, "GET", where)
        trial.control(f"GET {where}", get, works=0 < get.status < 500)
        head = stage.send(person, "HEAD", where)
        trial.found("HEAD", _unlike(stage.system, get, head), seen=shown(head))
        return trial.judgement()

    rule = "HEAD is answered like GET, without the body."
    return topic_of(system, path).case("head", rule, run, reference="RFC 9110 §9.3.2", cost=2)


def _reading(system: System, path: str) -> Operation | None:
    wanted = normalized(path)
    found = (each for each in system.operations if normalized(each.path) == wanted)
    return next((each for each in found if each.method == "GET"), None)


def _unlike(system: System, get: Answer, head: Answer) -> str:
    if head.body:
        return "a body"
    if head.status != get.status:
        is_tolerated = not system.has(CONTRACT) and head.status in {404, 405}
        return "" if is_tolerated else f"{head.status}, not {get.status}"
    for name in _ALIKE:
        told, wanted = head.headers.get(name), get.headers.get(name)
        if told != wanted:
            return f"{name}: {told}, not {wanted}"
    return ""


def _slash(system: System, path: str, methods: tuple[str, ...]) -> PlannedCase:
    offered = [method for method in methods if method not in {"HEAD", "OPTIONS"}]

    def run(stage: Stage) -> Judgement:
        where = nowhere(stage, path)
        wanted = expectation(
            stage.system, 404, "not-found", tolerated=(400, 401, 403, 405, 200, 301, 308, 422)
        )
        trial = Trial(str(wanted))
        for method in offered:
            plain = stage.send(None, method, where)
            works = not (plain.status == 404 and "{" not in path)
            trial.control(f"{method} {where}", plain, works=works)
            trial.expect(f"{method} {where}/", stage.send(None, method, f"{where}/"), wanted)
        return trial.judgement()

    rule = "A path with a slash at its end is another path: nothing is sent on to where it was not."
    return topic_of(system, path).case("slash", rule, run, cost=2 * len(offered))
