"""The endpoints by which the service is watched."""

import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, Final

from tospec.model import Operation, Operations, System
from tospec.verify.base import Answer, Judgement, PlannedCase, Stage
from tospec.verify.probes.judging import Expectation, Trial, inconclusive, shown
from tospec.verify.probes.problem import leaks
from tospec.verify.probes.routes import nowhere, random_id
from tospec.verify.probes.topics import Kind, Run, Topic, place

NAME: Final = "health"
_HEALTH: Final = "/health"
_LIVE: Final = "/livez"
_READY: Final = "/readyz"
_METRICS: Final = "/metrics"
_SAMPLE: Final = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*(\{.*\})? [-+0-9.eEInfNa]+( -?\d+)?")
_NUMBER: Final = re.compile(r"(latency|duration|elapsed|response_time)", re.IGNORECASE)
_UPTIME: Final = re.compile(r"uptime|running_for", re.IGNORECASE)
_REFUSED: Final = re.compile(r'\{[^}]*="4(?:04|xx)"')
_STRANGERS: Final = 20
_ROUTES: Final = 5
_ASKED: Final = 3
_OURS: Final = "operations-1"
"""The convention that says what is told beside that all is well."""


def _planned(system: System) -> Iterator[PlannedCase]:
    watch = system.watch
    if watch is None:
        return
    for path in watch.endpoints:
        topic = _topic(watch, path)
        if path in _CASES:
            for variant, rule, run in _CASES[path]:
                yield topic.case(variant, rule, run)
            for variant, rule, run in _CASES_OF_OURS.get(path, ()) if system.has(_OURS) else ():
                yield topic.case(variant, rule, run, reference=_OURS)
        else:
            yield topic.case("answers", "The endpoint answers.", _answers(path), cost=1)


def _topic(watch: Operations, path: str) -> Topic:
    return Topic(
        kind=NAME,
        label=path.strip("/"),
        element=f"endpoint {path}",
        reference=place(watch.span),
        requirements=watch.requirements,
    )


def _answers(path: str) -> Run:
    def run(stage: Stage) -> Judgement:
        wanted = Expectation(statuses=(200,))
        trial = Trial(str(wanted))
        trial.expect(f"GET {path}", stage.send(None, "GET", path), wanted)
        return trial.judgement()

    return run


def _plain(path: str) -> Run:
    """Return a case of an endpoint that says in one word that all is well."""

    def run(stage: Stage) -> Judgement:
        trial = Trial("200, to whoever asks, with nothing of the inside")
        answer = stage.send(None, "GET", path)
        trial.expect(f"GET {path}", answer, Expectation(statuses=(200,)))
        _no_leak(trial, answer)
        return trial.judgement()

    return run


def _no_leak(trial: Trial, answer: Answer) -> None:
    for fault in leaks(answer):
        trial.found("body", fault)


def _health(stage: Stage) -> Judgement:
    trial = Trial("200 and a JSON object with each dependency, its state and its latency")
    answer = stage.send(None, "GET", _HEALTH)
    trial.expect(f"GET {_HEALTH}", answer, Expectation(statuses=(200,)))
    _no_leak(trial, answer)
    found = dict(_dependencies(answer.json))
    trial.need("dependencies", holds=bool(found), got="none is told")
    trial.need("health", holds=any(map(_is_well, found.values())), got="nothing is well")
    for name, told in found.items():
        if _is_degraded(answer.json) and _is_down(told):
            continue
        measured = any(
            _NUMBER.search(key) and isinstance(value, int | float) and value >= 0
            for key, value in told.items()
        )
        trial.need(f"latency of {name}", holds=measured, got="missing")
        trial.need(f"state of {name}", holds=_is_well(told), got=str(told)[:100])
    return trial.judgement()


def _dependencies(json: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the parts of a report that tell of a dependency: objects one level down."""
    parts = json if isinstance(json, dict) else {}
    for name in ("dependencies", "checks", "components", "details"):
        inner = parts.get(name)
        if isinstance(inner, dict):
            yield from ((key, told) for key, told in inner.items() if isinstance(told, dict))
        if isinstance(inner, list):
            yield from ((str(each.get("name")), each) for each in inner if isinstance(each, dict))


def _is_well(told: dict[str, Any]) -> bool:
    return bool(_states(told) & {"up", "ok", "pass", "healthy", "true", "alive", "ready"})


def _is_down(told: dict[str, Any]) -> bool:
    return bool(_states(told) & {"down", "fail", "unhealthy", "false", "unavailable"})


def _is_degraded(json: Any) -> bool:
    """Return whether a service says that it does without something."""
    return isinstance(json, dict) and bool(_states(json) & {"degraded", "warn"})


def _states(told: dict[str, Any]) -> set[str]:
    return {str(value).lower() for key, value in told.items() if key in {"status", "state"}}


def _metrics(stage: Stage) -> Judgement:
    expected = "200 and samples in the text format of Prometheus"
    answer = stage.send(None, "GET", _METRICS)
    if answer.status in {401, 403, 404}:
        return inconclusive(expected, f"The target keeps it from the public ({shown(answer)}).")
    trial = Trial(expected)
    trial.expect(f"GET {_METRICS}", answer, Expectation(statuses=(200,)))
    type_ = answer.headers.get("content-type", "missing")
    known = type_.startswith(("text/plain", "application/openmetrics-text"))
    trial.need("Content-Type", holds=known, got=type_)
    samples = [line for line in _lines(answer) if not line.startswith("#")]
    bad = [line for line in samples if not _SAMPLE.fullmatch(line)]
    trial.need("samples", holds=bool(samples) and not bad, got=(bad or ["none"])[0][:100])
    return trial.judgement()


def _lines(answer: Answer) -> list[str]:
    return [line for line in answer.body.decode("utf-8", "replace").splitlines() if line]


def _bounded(stage: Stage) -> Judgement:
    expected = "no label of a path that no operation has, and none of a tenant or an id"
    before = stage.send(None, "GET", _METRICS)
    if before.status != 200:
        return inconclusive(expected, f"The target keeps it from the public ({shown(before)}).")
    trial = Trial(expected)
    trial.control(f"GET {_METRICS}", before, works=True)
    strangers = [random_id(stage.random) for _ in range(_STRANGERS)]
    for stranger in strangers:
        stage.send(None, "GET", f"/{stranger}")
    for operation in _of_rows(stage.system):
        stage.send(None, "GET", nowhere(stage, operation.path))
    told = stage.send(None, "GET", _METRICS).body.decode("utf-8", "replace")
    seen = [stranger for stranger in strangers if stranger in told]
    trial.need("labels", holds=not seen, got=f"{len(seen)} unknown paths have samples")
    ids = re.search(r"\{[^}]*\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-", told)
    trial.need("ids", holds=ids is None, got=ids.group()[:100] if ids else "")
    return trial.judgement()


def _of_rows(system: System) -> Iterator[Operation]:
    found = (each for each in system.operations if each.method == "GET" and "{" in each.path)
    return islice(found, _ROUTES)


def _counted(stage: Stage) -> Judgement:
    expected = "requests counted by endpoint and status, and how long they took by endpoint"
    before = stage.send(None, "GET", _METRICS)
    if before.status != 200:
        return inconclusive(expected, f"The target keeps it from the public ({shown(before)}).")
    trial = Trial(expected)
    trial.control(f"GET {_METRICS}", before, works=True)
    for _ in range(_ASKED):
        stage.send(None, "GET", _HEALTH)
    stage.send(None, "GET", f"/{random_id(stage.random)}")
    after = stage.send(None, "GET", _METRICS)
    then, now = (dict(_samples_of(_HEALTH, answer)) for answer in (before, after))
    grown = [now[sample] - then.get(sample, 0) for sample in now if 'le="' not in sample]
    trial.need("counted", holds=max(grown, default=0) >= _ASKED, got=f"grown by {grown}"[:100])
    spread = any('le="' in sample or 'quantile="' in sample for sample in now)
    trial.need("percentiles", holds=spread, got="neither a histogram nor quantiles")
    refused = any(_REFUSED.search(line) for line in _lines(after))
    trial.need("errors", holds=refused, got="no sample of the status 404")
    return trial.judgement()


def _samples_of(path: str, answer: Answer) -> Iterator[tuple[str, float]]:
    for line in _lines(answer):
        if f'="{path}"' in line and _SAMPLE.fullmatch(line):
            sample, _, value = line.partition("} ")
            yield sample, float(value.split()[0])


def _about(stage: Stage) -> Judgement:
    trial = Trial("the version of the service, and how long the process has run")
    answer = stage.send(None, "GET", _HEALTH)
    trial.expect(f"GET {_HEALTH}", answer, Expectation(statuses=(200,)))
    told = answer.json if isinstance(answer.json, dict) else {}
    version = stage.system.version
    trial.need("version", holds=version in told.values(), got="missing")
    uptime = [value for name, value in told.items() if _UPTIME.search(name)]
    running = any(isinstance(value, int | float) and value > 0 for value in uptime)
    trial.need("uptime", holds=running, got=str(uptime)[:100])
    return trial.judgement()


type _Rows = tuple[tuple[str, str, Callable[[Stage], Judgement]], ...]

_CASES: Final[dict[str, _Rows]] = {
    _HEALTH: (("dependencies", "Health tells of each dependency and its latency.", _health),),
    _LIVE: (("alive", "Liveness is told to whoever asks.", _plain(_LIVE)),),
    _READY: (("ready", "Readiness is told to whoever asks.", _plain(_READY)),),
    _METRICS: (
        ("format", "Metrics are told in the text format of Prometheus.", _metrics),
        ("labels", "Labels of metrics are few, and name no tenants and objects.", _bounded),
    ),
}

_CASES_OF_OURS: Final[dict[str, _Rows]] = {
    _HEALTH: (("about", "Health tells the version and the uptime.", _about),),
    _METRICS: (
        ("requests", "Metrics tell of requests, their errors and their percentiles.", _counted),
    ),
}

KIND: Final = Kind(NAME, _planned)
