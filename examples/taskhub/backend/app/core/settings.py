"""The settings of this service. Each comes from the environment variable of its name."""

import re
from datetime import timedelta
from typing import ClassVar, Self

from pydantic import Field, SecretStr, field_validator, model_validator

from app.core.durations import Duration
from app.core.file_settings import FileSettings
from app.core.job_settings import JobSettings
from app.core.webhook_settings import WebhookSettings


class Settings(FileSettings, JobSettings, WebhookSettings):
    """Everything that may differ between two installations."""

    stores: ClassVar = ("folder", "s3")

    access_token_lifetime: int = Field(
        default=900, ge=60, le=3600, description="How long an access token is valid."
    )
    refresh_token_lifetime: int = Field(
        default=2_592_000, ge=3600, le=31_536_000, description="How long a refresh token is valid."
    )
    invitation_lifetime: int = Field(
        default=604_800, ge=3600, le=2_592_000, description="How long an invitation is valid."
    )
    lockout_failures: int = Field(
        default=5, ge=1, le=100, description="Failed sign-ins that lock an account."
    )
    lockout_window: int = Field(
        default=900, ge=60, le=86_400, description="The time within which failures are counted."
    )
    lockout_duration: int = Field(
        default=900, ge=60, le=86_400, description="How long an account stays locked."
    )
    comment_edit_window: Duration = Field(
        default=timedelta(minutes=15), description="How long an author may edit a comment."
    )
    idempotency_keep: Duration = Field(
        default=timedelta(days=1),
        description="How long the first answer to an Idempotency-Key is given again.",
    )
    jobs_keep: Duration = Field(
        default=timedelta(days=30), description="How long jobs that are done are kept."
    )
    mail_url: str | None = Field(
        default=None,
        max_length=255,
        pattern="^(?:https?://[^/?#@\\s]+(/[^?#\\s]*)?)$",
        description="Base URL of mail; jobs that need it wait if absent.",
    )
    mail_token: SecretStr | None = Field(
        default=None,
        min_length=1,
        max_length=8192,
        description="Proves to mail who asks; required with MAIL_URL.",
    )
    mail_webhook_secret: SecretStr | None = Field(
        default=None,
        max_length=255,
        description="Signs what mail sends: whsec_ and Base64; all of it is refused if absent.",
    )
    mail_webhook_secret_previous: SecretStr | None = Field(
        default=None,
        max_length=255,
        description="Signed what mail sent before, while MAIL_WEBHOOK_SECRET is being changed.",
    )
    webhooks_keep: Duration = Field(
        default=timedelta(days=30),
        description="How long one can see what became of a delivery to a webhook.",
    )
    admin_enabled: bool = Field(
        default=True, description="Serve /admin, the page on which people see and change rows."
    )
    rate_limit_requests: int = Field(
        default=600,
        ge=1,
        le=1000000000,
        description="How often one person may ask within the time below.",
    )
    rate_limit_within: Duration = Field(
        default=timedelta(minutes=1),
        description="The time within which requests are counted, in whole seconds.",
    )
    sign_in_limit_requests: int = Field(
        default=20,
        ge=1,
        le=1000000000,
        description="How often one address to sign in may ask within the time below.",
    )
    sign_in_limit_within: Duration = Field(
        default=timedelta(minutes=1),
        description="The time within which requests are counted, in whole seconds.",
    )
    trusted_proxies: str = Field(
        default="",
        max_length=255,
        description="Addresses and networks whose X-Forwarded-For is believed, with commas.",
    )
    message_limit_requests: int = Field(
        default=600,
        ge=1,
        le=1000000000,
        description="How often one address may send messages within the time below.",
    )
    message_limit_within: Duration = Field(
        default=timedelta(minutes=1),
        description="The time within which messages are counted, in whole seconds.",
    )
    redis_url: SecretStr | None = Field(
        default=None,
        max_length=255,
        description="redis://host that all processes share; by default each is on its own.",
    )
    otel_exporter_otlp_endpoint: str | None = Field(
        default=None,
        max_length=255,
        pattern="^(?:https?://[^/].*)$",
        description="Where spans go, such as http://collector:4318; nowhere if absent.",
    )
    attachment_media_types: tuple[str, ...] = Field(
        default=(
            "image/png",
            "image/jpeg",
            "application/pdf",
            "text/plain",
            "application/zip",
        ),
        description="Media types of attachments, as a JSON list.",
    )

    @field_validator("mail_webhook_secret", "mail_webhook_secret_previous")
    @classmethod
    def _form_of_mail_webhook_secret(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not re.fullmatch(
            "whsec_([A-Za-z0-9+/]{4}){8,21}([A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)?",
            value.get_secret_value(),
        ):
            msg = "does not have the form that its description tells"
            raise ValueError(msg)
        return value

    @model_validator(mode="after")
    def _proves_who_asks(self) -> Self:
        if self.mail_url is not None and self.mail_token is None:
            msg = "MAIL_TOKEN: is required with MAIL_URL"
            raise ValueError(msg)
        return self
