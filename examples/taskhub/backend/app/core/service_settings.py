"""The settings that every installation has, whatever the service does."""

from enum import StrEnum
from typing import Final, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.about import SERVICE

MIN_SECRET_BYTES: Final = 32
_MIN_DISTINCT: Final = 8
_SHUTDOWN_DELAY: Final = 5.0
_SCHEMES: Final = ("postgresql+asyncpg", "sqlite+aiosqlite")


class Environment(StrEnum):
    """Where the service runs."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


class ServiceSettings(BaseSettings):
    """Everything that may differ between two installations. Times are in seconds."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    environment: Environment = Field(
        default=Environment.DEVELOPMENT, description="development or production."
    )
    secret_key: SecretStr = Field(
        description="Signs tokens and cursors; at least 32 random bytes, kept secret."
    )
    public_url: str = Field(
        default="http://localhost:8000", description="Where clients reach the service."
    )
    allowed_hosts: tuple[str, ...] = Field(
        default=("*",), description='Values of Host that are served, as a JSON list; ["*"]: any.'
    )
    database_url: SecretStr = Field(
        default=SecretStr(f"sqlite+aiosqlite:///{SERVICE}.sqlite3"),
        description="postgresql+asyncpg://user:password@host/name or sqlite+aiosqlite:///file.",
    )
    migration_database_url: SecretStr | None = Field(
        default=None, description="The same database as its owner; DATABASE_URL if absent."
    )
    database_pool_size: int = Field(
        default=10, ge=1, le=1000, description="Connections kept open by a process."
    )
    database_max_overflow: int = Field(
        default=5, ge=0, le=1000, description="Further connections under load."
    )
    database_pool_timeout: float = Field(
        default=5.0, gt=0, le=60, description="How long a request waits for a connection."
    )
    database_connect_timeout: float = Field(
        default=5.0, gt=0, le=60, description="How long making a connection may take."
    )
    database_statement_timeout: float = Field(
        default=10.0, gt=0, le=300, description="How long a statement may run."
    )
    database_lock_timeout: float = Field(
        default=5.0, gt=0, le=300, description="How long a statement waits for a lock."
    )
    max_body_size: int = Field(
        default=1_048_576, ge=1024, le=104_857_600, description="Largest request body in bytes."
    )
    body_timeout: float = Field(
        default=20.0, gt=0, le=300, description="How long a request body may take to arrive."
    )
    password_threads: int = Field(
        default=4, ge=1, le=64, description="How many passwords are hashed at once."
    )
    session_check_interval: float = Field(
        default=2.0,
        ge=0,
        le=60,
        description="How late another process hears that a session ended; 0: ask each time.",
    )
    max_concurrent_requests: int = Field(
        default=200, ge=1, le=100_000, description="Requests served at once; more are told 503."
    )
    shutdown_delay: float | None = Field(
        default=None,
        ge=0,
        le=60,
        description="How long connections are taken after a stop signal; 5 in production, else 0.",
    )
    shutdown_timeout: int = Field(
        default=20, ge=1, le=600, description="How long requests may go on after a stop signal."
    )
    docs_enabled: bool | None = Field(
        default=None, description="Serve /docs and /openapi.json; by default in development."
    )
    metrics_enabled: bool | None = Field(
        default=None, description="Serve /metrics publicly; by default in development."
    )
    metrics_port: int | None = Field(
        default=None, ge=1, le=65535, description="Serve /metrics on a port of its own as well."
    )
    direct_requests: bool = Field(
        default=True, description="Whether plain requests go past the framework's own machinery."
    )
    check_answers: bool = Field(
        default=False, description="Hold each answer against its schema; for development."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="Least level that is logged."
    )

    @field_validator("secret_key")
    @classmethod
    def _strong_secret(cls, value: SecretStr) -> SecretStr:
        raw = value.get_secret_value().encode()
        if len(raw) < MIN_SECRET_BYTES:
            msg = f"must be at least {MIN_SECRET_BYTES} bytes long"
            raise ValueError(msg)
        if len(set(raw)) < _MIN_DISTINCT:
            msg = "must be random"
            raise ValueError(msg)
        return value

    @field_validator("database_url", "migration_database_url")
    @classmethod
    def _known_database(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not value.get_secret_value().startswith(
            tuple(f"{scheme}://" for scheme in _SCHEMES)
        ):
            msg = f"must start with {' or '.join(f'{scheme}://' for scheme in _SCHEMES)}"
            raise ValueError(msg)
        return value

    @field_validator("public_url")
    @classmethod
    def _absolute_url(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query:
            msg = "must be an absolute http or https URL"
            raise ValueError(msg)
        return value.rstrip("/")

    @model_validator(mode="after")
    def _fit_for_production(self) -> "ServiceSettings":
        if self.production and not self.public_url.startswith("https://"):
            msg = "PUBLIC_URL must be an https URL in production"
            raise ValueError(msg)
        return self

    @property
    def production(self) -> bool:
        """Return whether the service runs in production."""
        return self.environment is Environment.PRODUCTION

    @property
    def serves_docs(self) -> bool:
        """Return whether the documents of the API are served."""
        return not self.production if self.docs_enabled is None else self.docs_enabled

    @property
    def serves_metrics(self) -> bool:
        """Return whether the metrics are served beside the API."""
        return not self.production if self.metrics_enabled is None else self.metrics_enabled

    @property
    def seconds_until_stop(self) -> float:
        """Return how long connections are still taken after a stop signal."""
        if self.shutdown_delay is None:
            return _SHUTDOWN_DELAY if self.production else 0
        return self.shutdown_delay

    @property
    def secret(self) -> bytes:
        """Return the secret's bytes."""
        return self.secret_key.get_secret_value().encode()
