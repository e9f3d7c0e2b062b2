"""What tests of all rooms share."""

import signal

import pytest
from hypothesis import settings

from tests import postgresql

# A shell that runs this in the background has it ignore ^C, and so would all that it starts.
signal.signal(signal.SIGINT, signal.default_int_handler)
settings.register_profile("tospec", deadline=None, print_blob=True)
settings.load_profile("tospec")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--accept-golden", action="store_true", help="write golden files instead of comparing"
    )


@pytest.fixture
def accept_golden(request: pytest.FixtureRequest) -> bool:
    """Whether the present output is to become the golden one."""
    return bool(request.config.getoption("--accept-golden"))


@pytest.fixture(scope="session")
def postgres_url() -> str:
    """The URL of a superuser of a PostgreSQL server; without one, the test is NOT RUN."""
    url = postgresql.find()
    if url is None:
        pytest.skip(postgresql.NOT_RUN)
    return url


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    missed = [report for report in skipped if postgresql.NOT_RUN in str(report.longrepr)]
    if missed:
        said = f"{len(missed)} tests {postgresql.NOT_RUN}"
        terminalreporter.write_sep("!", said, red=True, bold=True)
