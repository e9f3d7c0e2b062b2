"""Runs parts of a tree's tests, each with one file of the tree changed.

Runs in the tree's interpreter, in a copy of the tree that it may change. Reads a JSON document from
the file that it is given, and prints one. What comes from elsewhere is imported once; each run is a
fork. A change within a function is put into the application as it was imported; every other one,
and one that no test noticed there, is made in the file, and the application imported anew.
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
from collections.abc import Callable, Sequence
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any, Final

import pytest

_PAUSE: Final = 0.02
_CRASHED: Final = 70
_NOTICED: Final = 1
_FUNCTION: Final = 1  # inspect.CO_OPTIMIZED: what bodies of modules and of classes are not
# What the compiler calls the function around a generic one; it ran when the module was imported.
_GENERIC: Final = "<generic parameters of "
_OPTIONS: Final = (
    "-x", "-q", "--tb=no", "-p", "no:cacheprovider",
    # Whether a test fails matters here, not what it says; rewriting takes longer than most tests.
    "--assert=plain", "-W", "ignore::pytest.PytestAssertRewriteWarning",
)  # fmt: skip

type Job = dict[str, Any]
type Change = tuple[FunctionType, CodeType]


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


def forked(work: Callable[[], Any], answer: Path, timeout: float) -> tuple[int, Any]:
    """Do something in a fork; return how that ended, and what it told, None if nothing."""
    answer.unlink(missing_ok=True)
    child = os.fork()
    if not child:
        _in_child(work, answer)
    code = _waited(child, time.monotonic() + timeout)
    return code, json.loads(answer.read_text(encoding="utf-8")) if answer.exists() else None


def in_the_file(job: Job, timeout: float) -> dict[str, Any]:
    """Run the tests of a job with its file changed."""
    with changed(Path(job["path"]), job["text"]):
        return _told(job, *forked(lambda: run(job["tests"]), Path(job["answer"]), timeout))


def in_functions(
    jobs: Sequence[Job], application: Sequence[str], timeout: float
) -> list[dict[str, Any] | None]:
    """Run the tests of each job that changes functions alone, with those changed as they are."""
    for name in application:
        importlib.import_module(name)
    # What has settled cannot be found any more.
    changes = [_changes(Path(job["path"]), job["text"]) for job in jobs]
    _settle()
    return [_changed_in_place(*each, timeout) for each in zip(jobs, changes, strict=True)]


def _changed_in_place(job: Job, changes: list[Change], timeout: float) -> dict[str, Any] | None:
    if not changes:
        return None

    def work() -> dict[str, Any]:
        for function, code in changes:
            function.__code__ = code
        return run(job["tests"])

    return _told(job, *forked(work, Path(job["answer"]), timeout))


def _changes(path: Path, text: str) -> list[Change]:
    """Return the functions to be changed and their new code; none if more than that changes."""
    name = str(path.absolute())
    pairs = _pairs(compile(path.read_bytes(), name, "exec"), compile(text, name, "exec")) or []
    found = [[(function, new) for function in _functions(old)] for old, new in pairs]
    return [change for each in found for change in each] if all(found) else []


def _pairs(old: CodeType, new: CodeType) -> list[tuple[CodeType, CodeType]] | None:
    """Return the outermost functions that differ; None if what is around them does, too."""
    if old == new:
        return []
    if old.co_flags & _FUNCTION and not old.co_name.startswith(_GENERIC):
        return [(old, new)] if old.co_freevars == new.co_freevars else None
    inner, others = _parted(old)
    inner_new, others_new = _parted(new)
    if (old.co_code, others, len(inner)) != (new.co_code, others_new, len(inner_new)):
        return None
    found = [_pairs(*each) for each in zip(inner, inner_new, strict=True)]
    return None if None in found else [pair for each in found for pair in each or []]


def _parted(code: CodeType) -> tuple[list[CodeType], list[object]]:
    inner = [each for each in code.co_consts if isinstance(each, CodeType)]
    others = [repr(each) for each in code.co_consts if not isinstance(each, CodeType)]
    return inner, [*others, code.co_names]


def _functions(code: CodeType) -> list[FunctionType]:
    """Return the functions in this process that have a code."""
    return [
        each
        for each in gc.get_objects()
        if type(each) is FunctionType
        and each.__code__ == code
        and each.__code__.co_filename == code.co_filename
    ]


def _settle() -> None:
    """Let what is shared with forks not be looked through, and so not be copied, in each."""
    gc.collect()
    gc.freeze()


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


def _told(job: Job, code: int, told: dict[str, Any] | None) -> dict[str, Any]:
    return {"code": code, "passed": 0, "failed": "", **(told or {}), "name": job["name"]}


def _in_child(work: Callable[[], Any], answer: Path) -> None:
    code = _CRASHED
    try:
        os.setsid()
        sys.dont_write_bytecode = True
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        answer.write_text(json.dumps(work()), encoding="utf-8")
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
    _settle()
    jobs, timeout = document["jobs"], document["timeout"]

    def first() -> list[dict[str, Any] | None]:
        return in_functions(jobs, document["application"], timeout)

    _, told = forked(first, Path(document["answer"]), timeout * (len(jobs) + 1))
    tried = zip(jobs, told or [None] * len(jobs), strict=True)
    return [
        told if told and told["code"] == _NOTICED else in_the_file(job, timeout)
        for job, told in tried
    ]


if __name__ == "__main__":
    sys.path.insert(0, str(Path.cwd()))
    sys.stdout.write(json.dumps(main(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))))
