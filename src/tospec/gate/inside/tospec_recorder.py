"""A plugin of pytest that notes what became of each test, and what it saw over HTTP.

It runs in the tree's interpreter, in each process that runs tests. Each appends one JSON
document a line to a file of its own in the folder that `TOSPEC_RECORDS` names; so a run that is
ended half way leaves what it knew.
"""

import functools
import json
import os
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any, Final

import pytest

FOLDER: Final = "TOSPEC_RECORDS"
_LONGEST: Final = 300
_MOST_EXCHANGES: Final = 500
_NARROWING: Final = (
    "keyword", "markexpr", "deselect", "ignore", "ignore_glob", "maxfail", "lf", "failedfirst",
    "stepwise", "collectonly", "setuponly", "setupplan",
)  # fmt: skip


class Recorder:
    """Notes what the tests of one process do."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._exchanges: dict[tuple[str, str, int], bool] = {}
        self._phases: dict[str, list[pytest.TestReport]] = {}
        self._begun = 0.0

    def note(self, kind: str, **members: Any) -> None:
        """Append a document."""
        file = self._folder / f"{os.getpid()}.jsonl"
        with file.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps({"kind": kind, **members}) + "\n")

    def exchanged(self, response: Any) -> None:
        """Note a request that was answered."""
        request = response.request
        key = (request.method, request.url.path, response.status_code)
        if len(self._exchanges) < _MOST_EXCHANGES:
            self._exchanges.setdefault(key, False)

    def looked_into(self, response: Any) -> None:
        """Note that somebody read the body of an answer."""
        request = getattr(response, "_request", None)
        if request is not None:
            key = (request.method, request.url.path, response.status_code)
            if key in self._exchanges:
                self._exchanges[key] = True

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Note a test as it begins and as it ends."""
        self._exchanges.clear()
        self._begun = time.perf_counter()
        result = yield
        self._finish(item)
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Keep the report of a phase."""
        report = yield
        self._phases.setdefault(item.nodeid, []).append(report)
        return report

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collection_modifyitems(
        self, items: list[pytest.Item]
    ) -> Generator[None, object, object]:
        """Note which tests there are, and which are not left after all plugins had their way."""
        found = [item.nodeid for item in items]
        result = yield
        left = {item.nodeid for item in items}
        self.note("collected", tests=found, removed=[each for each in found if each not in left])
        return result

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note what could not be collected, or was skipped as a whole."""
        if report.outcome != "passed":
            self.note(
                "uncollected", id=report.nodeid, outcome=report.outcome, detail=_detail(report)
            )

    def _finish(self, item: pytest.Item) -> None:
        reports = self._phases.pop(item.nodeid, [])
        outcome, detail = _verdict(reports)
        self.note(
            "test",
            id=item.nodeid,
            outcome=outcome,
            detail=detail,
            seconds=round(time.perf_counter() - self._begun, 4),
            requirements=_named(item, "requirement"),
            operations=_named(item, "operation"),
            unconditional=next(item.iter_markers("skip"), None) is not None,
            exchanges=[[*key, read] for key, read in sorted(self._exchanges.items())],
        )


def pytest_configure(config: pytest.Config) -> None:
    """Begin to record, and register the markers that recorded tests carry."""
    for marker in ("requirement", "operation"):
        config.addinivalue_line("markers", f"{marker}(*names): what a test is about")
    recorder = Recorder(Path(os.environ[FOLDER]))
    narrowed = {name: _shown(getattr(config.option, name, None)) for name in _NARROWING}
    recorder.note("options", narrowed={name: value for name, value in narrowed.items() if value})
    config.pluginmanager.register(recorder, "tospec-records")
    _watch_http(recorder)


def _watch_http(recorder: Recorder) -> None:
    """Let the recorder see what tests ask over HTTP; the tests see nothing of it."""
    try:
        import httpx  # noqa: PLC0415 - a tree need not have it
    except ImportError:
        return
    _watch_answers(httpx.Client, recorder)
    _watch_answers_async(httpx.AsyncClient, recorder)
    _watch_bodies(httpx.Response, recorder)


def _watch_answers(client: Any, recorder: Recorder) -> None:
    send = client.send

    @functools.wraps(send)
    def watched(self: Any, *arguments: Any, **options: Any) -> Any:
        response = send(self, *arguments, **options)
        recorder.exchanged(response)
        return response

    client.send = watched


def _watch_answers_async(client: Any, recorder: Recorder) -> None:
    send = client.send

    @functools.wraps(send)
    async def watched(self: Any, *arguments: Any, **options: Any) -> Any:
        response = await send(self, *arguments, **options)
        recorder.exchanged(response)
        return response

    client.send = watched


def _watch_bodies(response: Any, recorder: Recorder) -> None:
    for name in ("content", "text"):
        read = getattr(response, name).fget
        setattr(response, name, property(_watched_read(read, recorder)))
    response.json = _watched_read(response.json, recorder)


def _watched_read(read: Callable[..., Any], recorder: Recorder) -> Callable[..., Any]:
    @functools.wraps(read)
    def watched(self: Any, *arguments: Any, **options: Any) -> Any:
        recorder.looked_into(self)
        return read(self, *arguments, **options)

    return watched


def _verdict(reports: list[pytest.TestReport]) -> tuple[str, str]:
    """Return the outcome of a test by its phases, and why it is not a pass."""
    for report in reports:
        if report.failed:
            return "failed", _detail(report)
    for report in reports:
        if report.skipped:
            expected = getattr(report, "wasxfail", None)
            return "skipped", _detail(report) if expected is None else f"expected: {expected}"[:300]
    return ("passed", "") if len(reports) >= 2 else ("failed", "it was not run to its end")


def _detail(report: pytest.TestReport | pytest.CollectReport) -> str:
    told = report.longrepr
    if isinstance(told, tuple):
        return str(told[2]).removeprefix("Skipped").lstrip(":").strip()[:_LONGEST]
    crash = getattr(told, "reprcrash", None)
    text = str(crash.message if crash is not None else told or "")
    lines = [line for line in text.split("\n") if line.strip()]
    return lines[0].strip()[:_LONGEST] if lines else ""


def _named(item: pytest.Item, marker: str) -> list[str]:
    marks = item.iter_markers(marker)
    return list(dict.fromkeys(str(name) for mark in marks for name in mark.args))


def _shown(value: object) -> str:
    return str(value)[:_LONGEST] if value and value is not True else str(value or "")
