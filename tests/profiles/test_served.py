"""The files of the scaffold and the items of a spec that they serve."""

from fnmatch import fnmatchcase

from tospec.output import scaffold
from tospec.profiles.cqrs.profile import VARYING
from tospec.profiles.cqrs.served import PATTERNS, served_by


def test_every_pattern_names_a_file() -> None:
    paths = [file.path for file in scaffold("tospec.profiles.cqrs")]
    paths += [artifact.path for artifact in VARYING]
    patterns = [(item, pattern) for item, each in PATTERNS for pattern in each]
    assert len(patterns) > 50
    stale = [each for each in patterns if not any(fnmatchcase(path, each[1]) for path in paths)]
    assert not stale


def test_a_file_serves_the_items_that_it_is_about_and_no_others() -> None:
    assert served_by("app/services/audit.py") == ("audit",)
    assert served_by("app/authorization/cross_tenant.py") == ("tenancy", "roles")
    assert served_by("app/core/clock.py") == ()
