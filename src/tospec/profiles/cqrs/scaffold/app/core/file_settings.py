"""The settings of an installation that keeps files."""

from typing import ClassVar, Final
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator

from app.about import SERVICE
from app.core.service_settings import ServiceSettings

_STORES: Final = {"file": "folder", "s3": "s3"}


class FileSettings(ServiceSettings):
    """Where the bytes of files are kept.

    Attributes:
        stores: What an installation may choose from: `folder`, `s3`.
    """

    stores: ClassVar[tuple[str, ...]]

    storage_url: str = Field(
        default=f"file:{SERVICE}.sqlite3-files",
        description="Where files are kept: file:folder, file:///path/to/folder or s3://bucket.",
    )
    storage_endpoint: str | None = Field(
        default=None, description="Where an S3-compatible store answers; Amazon's if absent."
    )
    storage_region: str = Field(default="us-east-1", description="Region of the S3 store.")
    storage_access_key: SecretStr | None = Field(
        default=None, description="Access key of the S3 store; from the machine if absent."
    )
    storage_secret_key: SecretStr | None = Field(
        default=None, description="Secret key of the S3 store."
    )

    @field_validator("storage_url")
    @classmethod
    def _known_store(cls, value: str) -> str:
        url = urlsplit(value)
        place = url.netloc if url.scheme == "s3" else url.path
        if _STORES.get(url.scheme) not in cls.stores or not place or url.query or url.username:
            msg = f"must name one of {', '.join(cls.stores)}: file:folder or s3://bucket"
            raise ValueError(msg)
        return value
