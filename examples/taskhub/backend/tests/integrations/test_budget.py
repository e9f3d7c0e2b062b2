"""The budget of retries: a share of the calls, and no more when all fail."""

import pytest

from app.integrations.budget import Budget
from tests.requirements import INTEGRATIONS

pytestmark = pytest.mark.requirement(*INTEGRATIONS)


@pytest.mark.parametrize("share", [0.1, 0.2, 1.0])
def test_retries_are_a_share_of_calls(share: float) -> None:
    budget = Budget(share)
    while budget.spend():
        pass

    spent = 0
    for _ in range(1000):
        budget.call()
        spent += budget.spend()

    assert abs(spent - 1000 * share) <= 1


def test_a_few_are_there_from_the_beginning() -> None:
    budget = Budget(0.1)

    assert sum(budget.spend() for _ in range(100)) == 10


def test_they_are_not_saved_up_without_end() -> None:
    budget = Budget(1.0)
    for _ in range(1000):
        budget.call()

    assert sum(budget.spend() for _ in range(1000)) == 10
