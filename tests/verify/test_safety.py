"""Where the verifier may go, and what it may touch there."""

from pathlib import Path

import pytest

from tospec.errors import UsageError
from tospec.verify.preparing import prepared
from tospec.verify.settings import Settings
from tospec.verify.wire.target import (
    is_loopback,
    looks_like_production,
    require_allowed,
    target_of,
)


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("HTTP://LocalHost:80/", "http://localhost"),
        ("https://[::1]:8443/api/", "https://[::1]:8443/api"),
        ("http://bücher.test", "http://xn--bcher-kva.test"),
    ],
)
def test_a_base_url_is_taken_apart(url: str, base: str) -> None:
    assert target_of(url).url == base


@pytest.mark.parametrize(
    "url",
    [
        "",
        "localhost:8000",
        "ftp://localhost",
        "file:///etc/passwd",
        "http://",
        "http://localhost:99999",
        "http://localhost:x",
        "http://localhost/?a=1",
        "http://localhost/#a",
        "http://local host/",
        "http://localhost/a\r\nb: c",
        "http://[::1",
        "http://" + "a" * 300 + ".test",
    ],
)
def test_what_is_no_base_url_is_refused(url: str) -> None:
    with pytest.raises(UsageError) as refusal:
        target_of(url)
    assert "http://127.0.0.1:8000" in refusal.value.help


def test_credentials_in_the_url_are_refused_without_repeating_them() -> None:
    with pytest.raises(UsageError) as refusal:
        target_of("http://ada:hunter2@localhost:8000")
    assert "hunter2" not in refusal.value.message + refusal.value.help
    assert target_of("http://localhost:8000").port == 8000


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost", "a.localhost"])
def test_this_machine_needs_no_leave(host: str) -> None:
    url = f"http://[{host}]" if ":" in host else f"http://{host}"
    require_allowed(target_of(url), allowed=(), owned=False)
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host",
    ["10.0.0.5", "192.0.0.8", "2130706433", "127.1", "localhost.evil.test", "api.test", "backend"],
)
def test_other_hosts_need_leave(host: str) -> None:
    target = target_of(f"http://{host}")
    with pytest.raises(UsageError) as refusal:
        require_allowed(target, allowed=("elsewhere.test",), owned=False)
    assert f"--allow-host {host}" in refusal.value.help
    require_allowed(target, allowed=(host.upper(),), owned=True)


@pytest.mark.parametrize(
    "host",
    [
        "api.company.io",
        "www.example.org",
        "prod.company.test",
        "api-production.internal",
        "live-2.staging.company.io",
        "8.8.8.8",
        "latest.company.io",
    ],
)
def test_what_looks_like_production_needs_more_than_leave(host: str) -> None:
    target = target_of(f"http://{host}")
    with pytest.raises(UsageError) as refusal:
        require_allowed(target, allowed=(host,), owned=False)
    assert "--i-own-this" in refusal.value.help
    require_allowed(target, allowed=(host,), owned=True)


@pytest.mark.parametrize(
    "host",
    [
        "10.1.2.3",
        "backend",
        "api.staging.company.io",
        "test-3.company.io",
        "qa.company.io",
        "x.local",
    ],
)
def test_places_for_trials_need_leave_only(host: str) -> None:
    require_allowed(target_of(f"http://{host}"), allowed=(host,), owned=False)
    assert not looks_like_production(host)


def test_reading_only_needs_credentials(tmp_path: Path) -> None:
    url = "http://127.0.0.1:1"
    with pytest.raises(UsageError, match="cannot sign people up"):
        prepared(Settings(url=url, read_only=True), "")
    _, options = prepared(Settings(url=url, read_only=True, credentials_command="true"), "")
    assert options.read_only
    assert options.source is not None


def test_objects_of_others_are_guarded_where_credentials_were_given() -> None:
    url = "http://127.0.0.1:1"
    _, own = prepared(Settings(url=url), "")
    _, given = prepared(Settings(url=url, credentials_command="true"), "")
    _, free = prepared(Settings(url=url, credentials_command="true", destructive=True), "")
    assert [own.guarded, given.guarded, free.guarded] == [False, True, False]


def test_credentials_come_from_one_place(tmp_path: Path) -> None:
    file = tmp_path / "people.yaml"
    file.write_text("member: {a: some-token}", encoding="utf-8")
    url = "http://127.0.0.1:1"
    with pytest.raises(UsageError, match="not from both"):
        prepared(Settings(url=url, credentials=file, credentials_command="true"), "")
    assert prepared(Settings(url=url, credentials=file), "")[1].source is not None
