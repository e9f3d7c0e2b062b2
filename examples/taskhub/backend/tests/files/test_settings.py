"""Where an installation keeps its files, and what becomes of a store that fails."""

import secrets
from pathlib import Path

import pytest
from obstore.store import LocalStore, S3Store
from pydantic import SecretStr, ValidationError

from app.core.errors import ServiceUnavailableError
from app.core.file_settings import FileSettings
from app.core.ids import TenantId, new_id
from app.db.files import FileStore, object_store


class Installation(FileSettings):
    """Settings of an installation that may choose any store."""

    stores = ("folder", "s3")


class FolderOnly(FileSettings):
    """Settings of an installation that may choose a folder."""

    stores = ("folder",)


def installed(url: str, **values: object) -> Installation:
    """Return settings with a store at `url`."""
    secret = SecretStr(secrets.token_urlsafe(48))
    return Installation.model_validate({"secret_key": secret, "storage_url": url, **values})


def test_a_folder_is_made_where_it_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "made"

    store = object_store(installed(f"file://{folder}"))

    assert isinstance(store, LocalStore)
    assert folder.is_dir()


def test_a_bucket_is_asked_for_as_the_settings_say() -> None:
    settings = installed(
        "s3://bucket/some/folder",
        storage_endpoint="http://127.0.0.1:9000",
        storage_region="eu-central-1",
        storage_access_key="an-access-key",
        storage_secret_key="a-secret-key",
    )

    store = object_store(settings)

    assert isinstance(store, S3Store)
    assert store.prefix == "some/folder"
    told = {name: store.config[name] for name in ("bucket", "region", "endpoint")}
    assert told == {
        "bucket": "bucket",
        "region": "eu-central-1",
        "endpoint": "http://127.0.0.1:9000",
    }
    assert store.config["secret_access_key"] == "a-secret-key"


def test_credentials_of_the_store_are_masked() -> None:
    settings = installed("s3://bucket", storage_secret_key="a-secret-key")

    assert "a-secret-key" not in repr(settings)


@pytest.mark.parametrize(
    "url", ["", "files", "file:", "ftp://host/folder", "s3:///folder", "s3://key@bucket"]
)
def test_what_names_no_store_is_refused(url: str) -> None:
    with pytest.raises(ValidationError, match="must name one of"):
        installed(url)


def test_a_store_that_the_spec_does_not_offer_is_refused() -> None:
    secret = SecretStr(secrets.token_urlsafe(48))
    with pytest.raises(ValidationError, match="must name one of folder"):
        FolderOnly(secret_key=secret, storage_url="s3://bucket")


async def test_a_store_that_does_not_answer_is_told_as_unavailable() -> None:
    settings = installed(
        "s3://bucket",
        storage_endpoint="http://127.0.0.1:1",
        storage_access_key="an-access-key",
        storage_secret_key="a-secret-key",
    )
    files = FileStore(settings, "things")

    with pytest.raises(ServiceUnavailableError):
        await files.open(new_id(), tenant_id=TenantId(new_id()))
    await files.remove(new_id(), tenant_id=TenantId(new_id()))
