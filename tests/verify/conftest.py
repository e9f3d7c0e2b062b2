"""What the proof of the verifier shares: the example's cases and its backend, copied once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.verify.putting import Plan
from tests.verify.score.work import taskhub
from tests.verify.serving import TASKHUB, Template, serving
from tospec.model import System


@pytest.fixture(scope="session")
def taskhub_plan() -> Plan:
    """All cases that the example's spec calls for."""
    return Plan.of(taskhub())


@pytest.fixture(scope="session")
def taskhub_template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """The example's backend, ready to be copied, patched and started."""
    return Template.of(TASKHUB / "backend", tmp_path_factory.mktemp("taskhub") / "template")


@pytest.fixture(scope="session")
def taskhub_url(
    taskhub_template: Template, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Where the example's backend is served as it should be."""
    folder: Path = tmp_path_factory.mktemp("served") / "backend"
    with serving(taskhub_template.copy(folder)) as url:
        yield url


@pytest.fixture(scope="session")
def system() -> System:
    """What the example's spec says."""
    return taskhub()
