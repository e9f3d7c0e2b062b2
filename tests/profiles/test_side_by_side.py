"""Work over several processes: the outcome is that of one."""

import os
import subprocess
import sys
import threading

import pytest

from tospec.profiles.side_by_side import mapped

_ALONE = """
import os
from tospec.profiles.side_by_side import mapped
processes = set(mapped(lambda number: os.getpid(), range(2000)))
print(os.getpid() in processes)
"""


def _with_process(number: int) -> tuple[int, int]:
    return number * 2, os.getpid()


def test_the_order_is_that_of_the_items() -> None:
    made = mapped(_with_process, range(2000))
    assert [number for number, _ in made] == list(range(0, 4000, 2))


def test_little_work_stays_in_this_process() -> None:
    assert {process for _, process in mapped(_with_process, range(20))} == {os.getpid()}


@pytest.mark.skipif(
    not hasattr(os, "sched_getaffinity") or len(os.sched_getaffinity(0)) < 2,
    reason="needs Linux and two processors",
)
def test_much_work_goes_to_copies() -> None:
    """In an interpreter of its own: other tests may have left threads in this one."""
    command = [sys.executable, "-c", _ALONE]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "False"


def test_much_work_stays_in_this_process_beside_other_threads() -> None:
    released = threading.Event()
    thread = threading.Thread(target=released.wait)
    thread.start()
    try:
        assert {process for _, process in mapped(_with_process, range(2000))} == {os.getpid()}
    finally:
        released.set()
        thread.join()


def test_a_fault_is_the_one_that_a_single_process_has() -> None:
    with pytest.raises(ZeroDivisionError):
        mapped(lambda number: 1 // (number - 1500), range(2000))
    assert mapped(lambda number: number, range(2000))[1500] == 1500
