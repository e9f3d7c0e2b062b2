"""The example's backend, served, and a browser that looks at it."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.admin.browser import PROGRAM, Browser, Page
from tests.admin.office import Office
from tests.verify.serving import TASKHUB, Template, serving


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """The example's backend, ready to be copied and started."""
    return Template.of(TASKHUB / "backend", tmp_path_factory.mktemp("admin") / "template")


@pytest.fixture(scope="module")
def served(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the example's backend answers."""
    with serving(template.copy(tmp_path_factory.mktemp("served") / "backend")) as url:
        yield url


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser; without one, the test is NOT RUN."""
    if PROGRAM is None:
        pytest.skip("NOT RUN: there is no chromium")
    with Browser.started(tmp_path_factory.mktemp("browser")) as started:
        yield started


@pytest.fixture
def office(served: str) -> Office:
    """A tenant of its own, with an owner."""
    return Office.opened(served, secrets.token_hex(4))


@pytest.fixture
def page(browser: Browser, office: Office, tmp_path: Path) -> Iterator[Page]:
    """A tab in which the owner has signed in; its console must not complain of the page."""
    tab = browser.page()
    tab.saves_into(tmp_path)
    office.sign_in(tab)
    yield tab
    assert complaints(tab) == []


def complaints(tab: Page) -> list[str]:
    """Return what a console said but for what the service answered or the network did."""
    return [each for each in tab.said if not each.startswith("Failed to load resource")]
