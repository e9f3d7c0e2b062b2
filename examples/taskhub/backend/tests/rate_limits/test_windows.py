"""Requests are counted within windows, each for itself."""

import pytest

from app.core import quotas
from app.core.quotas import Limit, Windows
from tests.requirements import RATE_LIMITS

pytestmark = pytest.mark.requirement(*RATE_LIMITS)

LIMIT = Limit(name="default", requests=3, seconds=10)


class Watch:
    """Tells a time that tests set."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    watch = Watch()
    monkeypatch.setattr(quotas, "time", watch)
    return watch


def test_a_window_begins_with_the_first_request(watch: Watch) -> None:
    windows = Windows()
    taken = []
    for _ in range(4):
        taken.append(windows.take(LIMIT, "me"))
        watch.now += 2.5

    assert [each.remaining for each in taken] == [2, 1, 0, 0]
    assert [each.exceeded for each in taken] == [False, False, False, True]
    assert [each.reset for each in taken] == [10, 8, 5, 3]
    assert windows.take(LIMIT, "me").remaining == 2


def test_nobody_is_counted_with_somebody_else(watch: Watch) -> None:
    windows, other = Windows(), Limit(name="sign-in", requests=3, seconds=10)
    for who, limit in (("me", LIMIT), ("you", LIMIT), ("me", other)):
        assert windows.take(limit, who).remaining == 2


def test_what_has_ended_is_forgotten(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quotas, "_FEWEST_SWEPT", 10)
    windows = Windows()
    for number in range(1000):
        watch.now += 1
        windows.take(LIMIT, str(number))

    assert len(windows._open) <= 20
