"""Settings: all faults at once, no secret shown, no weak secret taken."""

import secrets
from pathlib import Path

import pytest

from app.__main__ import main
from app.core.config import ConfigurationError, describe_settings, load_settings
from app.core.settings import Settings
from tests.installation import variables

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    set_anyway = variables()
    for row in describe_settings():
        if row.variable not in set_anyway:
            monkeypatch.delenv(row.variable, raising=False)


@pytest.fixture
def secret(monkeypatch: pytest.MonkeyPatch) -> str:
    value = secrets.token_urlsafe(48)
    monkeypatch.setenv("SECRET_KEY", value)
    return value


def test_only_the_secret_is_required(secret: str) -> None:
    settings = load_settings()
    assert settings.secret == secret.encode()
    assert secret not in f"{settings!r} {settings} {settings.model_dump_json()}"
    assert settings.serves_docs
    assert settings.serves_metrics


def test_the_file_is_read_and_the_environment_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    value = secrets.token_urlsafe(48)
    (tmp_path / ".env").write_text(f"SECRET_KEY={value}\nLOG_LEVEL=ERROR\nOTHER=1\n")
    monkeypatch.setenv("LOG_LEVEL", "WARNING")
    settings = load_settings()
    assert (settings.secret, settings.log_level) == (value.encode(), "WARNING")


def test_all_faults_at_once_and_no_value(monkeypatch: pytest.MonkeyPatch) -> None:
    canary = "canary" + secrets.token_hex(4)
    for name, value in {
        "SECRET_KEY": canary,
        "DATABASE_URL": f"mysql://u:{canary}@h/d",
        "LOG_LEVEL": canary,
        "DATABASE_POOL_SIZE": canary,
        "PUBLIC_URL": canary,
        "BODY_TIMEOUT": "-1",
        "METRICS_PORT": "70000",
        "ENVIRONMENT": canary,
        "ACCESS_TOKEN_LIFETIME": "nan",
    }.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError) as raised:
        load_settings()
    named = [fault.strip().split(":")[0] for fault in raised.value.faults]
    assert named == [
        "ACCESS_TOKEN_LIFETIME",
        "BODY_TIMEOUT",
        "DATABASE_POOL_SIZE",
        "DATABASE_URL",
        "ENVIRONMENT",
        "LOG_LEVEL",
        "METRICS_PORT",
        "PUBLIC_URL",
        "SECRET_KEY",
    ]
    assert canary not in str(raised.value)


@pytest.mark.parametrize("value", ["", "short", "x" * 31, "x" * 64, "changeme" * 3])
def test_weak_secrets(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("SECRET_KEY", value)
    with pytest.raises(ConfigurationError, match="SECRET_KEY"):
        load_settings()


@pytest.mark.parametrize("value", ["5", "{", "[1", "[1]"])
def test_a_list_that_is_none(monkeypatch: pytest.MonkeyPatch, secret: str, value: str) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", value)
    with pytest.raises(ConfigurationError, match=r"ALLOWED_HOSTS|allowed_hosts"):
        load_settings()


def test_production_is_closed_and_encrypted(monkeypatch: pytest.MonkeyPatch, secret: str) -> None:
    monkeypatch.setenv("ENVIRONMENT", "production")
    with pytest.raises(ConfigurationError, match="PUBLIC_URL"):
        load_settings()
    monkeypatch.setenv("PUBLIC_URL", "https://api.example.com/")
    settings = load_settings()
    assert settings.public_url == "https://api.example.com"
    assert not settings.serves_docs
    assert not settings.serves_metrics
    monkeypatch.setenv("DOCS_ENABLED", "true")
    assert load_settings().serves_docs


def test_serve_without_settings_tells_and_exits(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve"]) == 2
    told = capsys.readouterr().err
    assert "SECRET_KEY: is required" in told
    assert "Traceback" not in told


def test_the_example_is_itself_valid(tmp_path: Path, secret: str) -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    (tmp_path / ".env").write_text(
        "\n".join(line.removeprefix("# ") for line in lines if "=" in line)
    )
    defaults = load_settings().model_dump(exclude={"secret_key"})
    (tmp_path / ".env").unlink()
    assert load_settings().model_dump(exclude={"secret_key"}) == defaults


def test_the_table_and_the_example_name_every_setting(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["config"]) == 0
    table = capsys.readouterr().out
    example = (ROOT / ".env.example").read_text()
    for name in Settings.model_fields:
        assert name.upper() in table
        assert f"{name.upper()}=" in example
    assert main(["config", "--example"]) == 0
    assert capsys.readouterr().out == example
    assert all(row.description for row in describe_settings())
