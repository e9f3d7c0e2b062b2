"""What stands for no value, in evidence that is the same from run to run."""

import pickle

from tospec.verify.base import NOTHING
from tospec.verify.oracle.steps import FRESH


def test_placeholders_read_as_words_wherever_they_are_printed() -> None:
    assert f"{NOTHING!r} and {[FRESH]}" == "nothing and [a fresh value]"


def test_placeholders_stay_themselves_between_processes() -> None:
    for each in (NOTHING, FRESH):
        assert pickle.loads(pickle.dumps(each)) is each  # noqa: S301  # pickled here
