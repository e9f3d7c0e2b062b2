"""A plugin of pytest that shares tests out among forks of the process that collected them.

It runs in the tree's interpreter. To collect takes as long as to run hundreds of tests, so it is
done once. `TOSPEC_WORKERS` tells how many forks there are.
"""

import contextlib
import itertools
import os
import struct
import sys
import traceback
from collections.abc import Iterator
from typing import Any, Final

import pytest

WORKERS: Final = "TOSPEC_WORKERS"
_PLACE: Final = struct.Struct("=I")
_PASSED: Final = 0
_FAILED: Final = 1
_BROKEN: Final = 3
# Tests that wait are marked so; each of them is taken alone, so that they wait at the same time.
_WAITS: Final = "waits"


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Run the tests in forks; leave it to pytest where it would run none."""
    if session.testsfailed or session.config.option.collectonly:
        return None
    parts = _parts(session.items)
    reader, writer = os.pipe()
    sys.stdout.flush()
    children = [_forked(session, parts, reader, writer) for _ in range(_count(parts))]
    os.close(reader)
    _shared_out(len(parts), writer)
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    if _BROKEN in codes:
        raise pytest.exit.Exception("a process that ran tests broke", _BROKEN)
    # Where a test has ended its process, what was not run has no outcome.
    session.testsfailed = sum(code != _PASSED for code in codes)
    return True


def _count(parts: list[list[pytest.Item]]) -> int:
    return min(int(os.environ[WORKERS]), len(parts))


def _parts(items: list[pytest.Item]) -> list[list[pytest.Item]]:
    """Return what a worker takes at once: the tests of a file, for the sake of their fixtures."""

    def file(numbered: tuple[int, pytest.Item]) -> object:
        number, item = numbered
        return number if item.get_closest_marker(_WAITS) else str(item.path)

    grouped = itertools.groupby(enumerate(items), file)
    return [[item for _, item in group] for _, group in grouped]


def _shared_out(count: int, writer: int) -> None:
    """Write the number of each part; whoever is free reads the next one."""
    # If all workers are gone, their exit codes tell.
    with contextlib.suppress(BrokenPipeError), open(writer, "wb", buffering=0) as pipe:
        for number in range(count):
            pipe.write(_PLACE.pack(number))


def _forked(
    session: pytest.Session, parts: list[list[pytest.Item]], reader: int, writer: int
) -> int:
    child = os.fork()
    if child:
        return child
    code = _BROKEN
    try:
        os.close(writer)
        _run(session, itertools.chain.from_iterable(_taken(parts, reader)))
        _keep_coverage()
        code = _FAILED if session.testsfailed else _PASSED
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def _taken(parts: list[list[pytest.Item]], reader: int) -> Iterator[list[pytest.Item]]:
    while number := os.read(reader, _PLACE.size):
        yield parts[_PLACE.unpack(number)[0]]


def _run(session: pytest.Session, items: Iterator[pytest.Item]) -> None:
    following: Iterator[Any] = itertools.chain(items, [None])
    for item, next_item in itertools.pairwise(following):
        session.config.hook.pytest_runtest_protocol(item=item, nextitem=next_item)


def _keep_coverage() -> None:
    coverage = sys.modules.get("coverage")
    measuring = coverage and coverage.Coverage.current()
    if measuring:
        measuring.stop()
        measuring.save()
