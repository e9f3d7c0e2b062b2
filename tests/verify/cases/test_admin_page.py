"""The page for people, at installations that serve it and at those that have turned it off."""

from pathlib import Path

import pytest

from tests.verify.running import outcomes
from tests.verify.serving import Template, serving
from tospec.evidence import Outcome
from tospec.model import System
from tospec.verify.cases import admin_page
from tospec.verify.run import Options, verify
from tospec.verify.settings import Settings, as_installed
from tospec.verify.wire.target import target_of

OFF = "admin-page/admin/off"


def judged(system: System, url: str, *, off: bool) -> dict[str, Outcome]:
    installed = as_installed(system, Settings(url=url, admin_off=off))
    return outcomes(verify(installed, target_of(url), (admin_page.KIND,), Options()))


@pytest.mark.parametrize("enabled", [True, False])
def test_it_is_judged_as_it_is_installed(
    taskhub_template: Template, tmp_path: Path, system: System, enabled: bool
) -> None:
    folder = taskhub_template.copy(tmp_path / "backend")
    with serving(folder, {"ADMIN_ENABLED": str(enabled).lower()}) as url:
        as_it_is = judged(system, url, off=not enabled)
        otherwise = judged(system, url, off=enabled)

    assert set(as_it_is.values()) == {Outcome.PASSED}
    assert (OFF in as_it_is) is not enabled
    assert Outcome.FAILED in otherwise.values()
