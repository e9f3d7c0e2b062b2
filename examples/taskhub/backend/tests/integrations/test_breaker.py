"""The breaker of each service: its states and moves, by the numbers of its policy."""

from datetime import timedelta

import pytest

from app.core.outside import HeldError
from app.integrations.breaker import AnsweredError, Breaker, FailedError, State
from app.integrations.policies import Policy
from tests.integrations.known import POLICIES
from tests.requirements import INTEGRATIONS

pytestmark = pytest.mark.requirement(*INTEGRATIONS)


class Watch:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds

    def wait(self, time: timedelta) -> None:
        self.seconds += time.total_seconds()


class Line:
    """Calls behind a breaker with the policy of a service."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy.breaker
        self.watch = Watch()
        self.breaker = Breaker(policy.breaker, pause=policy.timeout, clock=self.watch)

    @property
    def state(self) -> State:
        return self.breaker.state

    def succeed(self) -> None:
        with self.breaker.passing():
            pass

    def fail(self, times: int = 1) -> None:
        for _ in range(times):
            with pytest.raises(FailedError), self.breaker.passing():
                raise FailedError

    def open(self) -> None:
        self.fail(self.policy.failures)
        assert self.state is State.OPEN

    def half_open(self) -> None:
        self.open()
        self.watch.wait(self.policy.open)
        assert self.state is State.HALF_OPEN

    def is_held(self) -> HeldError:
        with pytest.raises(HeldError) as held, self.breaker.passing():
            pass
        return held.value


@pytest.fixture(params=POLICIES.values(), ids=POLICIES)
def line(request: pytest.FixtureRequest) -> Line:
    return Line(request.param)


def test_it_opens_with_as_many_failures_as_the_policy_says(line: Line) -> None:
    line.fail(line.policy.failures - 1)
    assert line.state is State.CLOSED

    line.fail()

    assert line.state is State.OPEN
    assert line.is_held().after == line.policy.open


def test_failures_count_for_as_long_as_the_policy_says(line: Line) -> None:
    line.fail(line.policy.failures - 1)
    line.watch.wait(line.policy.within + timedelta(seconds=1))
    line.fail()
    assert line.state is (State.CLOSED if line.policy.failures > 1 else State.OPEN)

    line.fail(line.policy.failures - 1)

    assert line.state is State.OPEN


def test_what_goes_well_in_between_does_not_hide_failures(line: Line) -> None:
    for _ in range(line.policy.failures - 1):
        line.fail()
        line.succeed()
    assert line.state is State.CLOSED

    line.fail()

    assert line.state is State.OPEN


def test_errors_of_ours_do_not_open_it(line: Line) -> None:
    for _ in range(2 * line.policy.failures):
        with pytest.raises(KeyError), line.breaker.passing():
            raise KeyError

    assert line.state is State.CLOSED


def test_it_stays_open_for_as_long_as_the_policy_says(line: Line) -> None:
    line.open()
    line.watch.wait(line.policy.open - timedelta(seconds=0.01))
    assert line.state is State.OPEN
    line.is_held()

    line.watch.wait(timedelta(seconds=0.01))

    assert line.state is State.HALF_OPEN


def test_half_open_lets_one_of_many_pass(line: Line) -> None:
    line.half_open()

    with line.breaker.passing():
        held = [line.is_held() for _ in range(49)]
        assert all(each.after > timedelta() for each in held)

    assert line.state is State.CLOSED
    line.succeed()


def test_a_probe_that_is_refused_closes_it(line: Line) -> None:
    line.half_open()

    with pytest.raises(AnsweredError), line.breaker.passing():
        raise AnsweredError

    assert line.state is State.CLOSED


def test_half_open_opens_again_for_as_long(line: Line) -> None:
    line.half_open()

    line.fail()

    assert line.state is State.OPEN
    assert line.is_held().after == line.policy.open
    line.watch.wait(line.policy.open)
    assert line.state is State.HALF_OPEN


def test_a_probe_that_is_broken_off_leaves_room_for_another(line: Line) -> None:
    line.half_open()
    with pytest.raises(KeyboardInterrupt), line.breaker.passing():
        raise KeyboardInterrupt
    assert line.state is State.HALF_OPEN

    line.succeed()

    assert line.state is State.CLOSED


def test_closed_again_it_counts_from_the_beginning(line: Line) -> None:
    line.half_open()
    line.succeed()

    line.fail(line.policy.failures - 1)
    assert line.state is State.CLOSED
    line.fail()

    assert line.state is State.OPEN


def test_what_began_before_it_opened_does_not_close_it(line: Line) -> None:
    with line.breaker.passing():
        line.open()
    assert line.state is State.OPEN


def test_what_began_before_it_opened_does_not_keep_it_open(line: Line) -> None:
    with pytest.raises(FailedError), line.breaker.passing():
        line.open()
        line.watch.wait(line.policy.open / 2)
        raise FailedError

    line.watch.wait(line.policy.open / 2)

    assert line.state is State.HALF_OPEN
