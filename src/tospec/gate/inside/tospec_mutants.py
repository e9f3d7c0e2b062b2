"""Runs parts of a tree's tests, each with one file of the tree changed.

Runs in the tree's interpreter, in a copy of the tree that it may change. Reads a JSON document from
the file that it is given, and prints one. What comes from elsewhere is imported once; each run is a
fork.
"""

import contextlib
import gc
import hashlib
import importlib
import json
import os
import signal
import sys
import time
import traceback
from pathlib import Path
from typing import Any, Final

import pytest

_PAUSE: Final = 0.02
_CRASHED: Final = 70
_OPTIONS: Final = (
    "-x", "-q", "--tb=no", "-p", "no:cacheprovider",
    # Whether a test fails matters here, not what it says; rewriting takes longer than most tests.
    "--assert=plain", "-W", "ignore::pytest.PytestAssertRewriteWarning",
)  # fmt: skip


class Watch:
    """Notes how many tests passed, and which one failed first."""

    def __init__(self) -> None:
        self.passed = 0
        self.failed = ""

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Mix the tests, the same way each time, so that each kind of them comes early."""
        items.sort(key=lambda item: hashlib.sha256(item.nodeid.encode()).digest())

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a phase of a test."""
        if report.failed:
            self.failed = self.failed or report.nodeid
        elif report.when == "call" and report.passed:
            self.passed += 1


def run(tests: list[str]) -> dict[str, Any]:
    """Run tests until one fails."""
    watch = Watch()
    code = pytest.main([*_OPTIONS, *tests], plugins=[watch])
    return {"code": int(code), "passed": watch.passed, "failed": watch.failed}


def forked(job: dict[str, Any], timeout: float) -> dict[str, Any]:
    """Do a job in a fork, with its file changed, and return what came of it."""
    answer = Path(job["answer"])
    with changed(Path(job["path"]), job["text"]):
        started = time.monotonic()
        child = os.fork()
        if not child:
            _in_child(job["tests"], answer)
        code = _waited(child, started + timeout)
    told = json.loads(answer.read_text(encoding="utf-8")) if answer.exists() else {}
    seconds = round(time.monotonic() - started, 3)
    return {"code": code, "passed": 0, "failed": "", **told, "name": job["name"], "s": seconds}


@contextlib.contextmanager
def changed(path: Path, text: str) -> Any:
    """Change a file, and change it back."""
    before, times = path.read_bytes(), path.stat()
    path.write_text(text, encoding="utf-8")
    # Compiled files are told from their source by its time, in seconds, and its size.
    os.utime(path, (times.st_atime, times.st_mtime + 2))
    try:
        yield
    finally:
        path.write_bytes(before)
        os.utime(path, (times.st_atime, times.st_mtime))


def _in_child(tests: list[str], answer: Path) -> None:
    code = _CRASHED
    try:
        os.setsid()
        sys.dont_write_bytecode = True
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        answer.write_text(json.dumps(run(tests)), encoding="utf-8")
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def _waited(child: int, end: float) -> int:
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(_PAUSE)
    for kill in (os.killpg, os.kill):
        with contextlib.suppress(OSError):
            kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return -int(signal.SIGKILL)


def main(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Do all jobs, one after the other."""
    for name in document["imports"]:
        with contextlib.suppress(Exception):
            importlib.import_module(name)
    # What is shared with the forks is not looked through, and so not copied, in each of them.
    gc.collect()
    gc.freeze()
    return [forked(job, document["timeout"]) for job in document["jobs"]]


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))))
