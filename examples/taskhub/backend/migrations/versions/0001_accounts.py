"""Create the tables of accounts, audit trail, outbox, answers to keys, jobs, webhooks and inbox."""

from typing import Final

import sqlalchemy as sa
from alembic import context, op

from app.db.accounts_security import accounts_security
from app.db.inbox_security import inbox_security
from app.db.jobs_security import jobs_security
from app.db.security import create_roles, tenant_table_policies
from app.db.types import Json, UtcDateTime
from app.db.webhooks_security import webhooks_security

revision: Final = "87ed1c910b2d"
down_revision: Final = None
branch_labels: Final = None
depends_on: Final = None


def upgrade() -> None:
    """Create the tables and, on PostgreSQL, the roles that the application acts in."""
    _create_tenants()
    _create_users()
    _create_invitations()
    _create_refresh_tokens()
    _create_sign_in_attempts()
    _create_audit_entries()
    _create_outbox_messages()
    _create_idempotency_records()
    _create_jobs()
    _create_background()
    _create_webhooks()
    _create_webhook_deliveries()
    _create_received_messages()
    for statement in _security(op.get_context().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    """Drop the tables. The roles stay: they belong to the server, and others may use them."""
    op.drop_table("received_messages")
    op.drop_table("webhook_deliveries")
    op.drop_table("webhooks")
    op.drop_table("workers")
    op.drop_table("paused_jobs")
    op.drop_table("local_firings")
    op.drop_table("schedule_firings")
    op.drop_table("jobs")
    op.drop_table("idempotency_records")
    op.drop_table("outbox_messages")
    op.drop_table("audit_entries")
    op.drop_table("sign_in_attempts")
    op.drop_table("refresh_tokens")
    op.drop_table("invitations")
    op.drop_table("users")
    op.drop_table("tenants")


def _security(dialect: str) -> list[str]:
    if dialect != "postgresql":
        return accounts_security(dialect)
    login = context.config.attributes.get("login")
    logins = [login] if login else []
    return [
        *create_roles(*logins),
        *accounts_security(dialect),
        *tenant_table_policies("outbox_messages"),
        *tenant_table_policies("idempotency_records"),
        *jobs_security(*logins),
        *webhooks_security(),
        *inbox_security(),
    ]


def _create_tenants() -> None:
    op.create_table(
        "tenants",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("time_zone", sa.String(64), server_default="UTC", nullable=False),
        sa.Column("suspended_at", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 120", name=op.f("ck_tenants_name_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenants")),
    )


def _create_users() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("email_key", sa.String(254), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("handle", sa.String(64), nullable=False),
        sa.Column("role", sa.String(64), nullable=False),
        sa.Column("password_hash", sa.String(255), nullable=False),
        sa.Column("disabled_at", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "role IN ('owner', 'admin', 'member', 'viewer')", name=op.f("ck_users_role")
        ),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 120", name=op.f("ck_users_name_length")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_users_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email_key", name=op.f("uq_users_email_key")),
        sa.UniqueConstraint("tenant_id", "handle", name=op.f("uq_users_tenant_id_handle")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_users_tenant_id_id")),
    )
    op.create_index(
        op.f("ix_users_sorted_by_created_at"), "users", ["tenant_id", "created_at", "id"]
    )
    op.create_index(op.f("ix_users_sorted_by_name"), "users", ["tenant_id", "name", "id"])


def _create_invitations() -> None:
    op.create_table(
        "invitations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("email_key", sa.String(254), nullable=False),
        sa.Column("role", sa.String(64), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("invited_by_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("accepted_at", UtcDateTime(), nullable=True),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "role IN ('owner', 'admin', 'member', 'viewer')", name=op.f("ck_invitations_role")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_invitations_tenant_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "invited_by_id"],
            ["users.tenant_id", "users.id"],
            name=op.f("fk_invitations_tenant_id_invited_by_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_invitations_tenant_id_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitations_token_hash")),
    )
    op.create_index(
        op.f("ix_invitations_sorted_by_created_at"),
        "invitations",
        ["tenant_id", "created_at", "id"],
    )
    op.create_index(
        op.f("uq_invitations_open"),
        "invitations",
        ["tenant_id", "email_key"],
        unique=True,
        postgresql_where=sa.text("accepted_at IS NULL AND revoked_at IS NULL"),
        sqlite_where=sa.text("accepted_at IS NULL AND revoked_at IS NULL"),
    )


def _create_refresh_tokens() -> None:
    op.create_table(
        "refresh_tokens",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_refresh_tokens_tenant_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"],
            ["users.tenant_id", "users.id"],
            name=op.f("fk_refresh_tokens_tenant_id_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refresh_tokens")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_refresh_tokens_tenant_id_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_refresh_tokens_token_hash")),
    )
    op.create_index(op.f("ix_refresh_tokens_expires_at"), "refresh_tokens", ["expires_at"])
    op.create_index(
        op.f("ix_refresh_tokens_family_id"), "refresh_tokens", ["tenant_id", "family_id"]
    )
    op.create_index(op.f("ix_refresh_tokens_user_id"), "refresh_tokens", ["tenant_id", "user_id"])


def _create_sign_in_attempts() -> None:
    op.create_table(
        "sign_in_attempts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account", sa.String(64), nullable=False),
        sa.Column("outcome", sa.String(64), nullable=False),
        sa.Column("attempted_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('pending', 'failed', 'succeeded')",
            name=op.f("ck_sign_in_attempts_outcome"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempts")),
    )
    op.create_index(
        op.f("ix_sign_in_attempts_account"), "sign_in_attempts", ["account", "attempted_at", "id"]
    )
    op.create_index(op.f("ix_sign_in_attempts_attempted_at"), "sign_in_attempts", ["attempted_at"])


def _create_audit_entries() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.String(100), nullable=False),
        sa.Column("entity_type", sa.String(100), nullable=False),
        sa.Column("entity_id", sa.Uuid(), nullable=False),
        sa.Column("before", Json, nullable=True),
        sa.Column("after", Json, nullable=True),
        sa.Column("correlation_id", sa.String(128), nullable=True),
        sa.Column("occurred_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_audit_entries_tenant_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "actor_id"],
            ["users.tenant_id", "users.id"],
            name=op.f("fk_audit_entries_tenant_id_actor_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_audit_entries_tenant_id_id")),
    )
    op.create_index(
        op.f("ix_audit_entries_actor_id"),
        "audit_entries",
        ["tenant_id", "actor_id", "occurred_at", "id"],
    )
    op.create_index(
        op.f("ix_audit_entries_entity_id"),
        "audit_entries",
        ["tenant_id", "entity_id", "occurred_at", "id"],
    )
    op.create_index(
        op.f("ix_audit_entries_entity_type"),
        "audit_entries",
        ["tenant_id", "entity_type", "occurred_at", "id"],
    )
    op.create_index(
        op.f("ix_audit_entries_occurred_at"), "audit_entries", ["tenant_id", "occurred_at", "id"]
    )


def _create_outbox_messages() -> None:
    op.create_table(
        "outbox_messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(100), nullable=False),
        sa.Column("payload", Json, nullable=False),
        sa.Column("correlation_id", sa.String(128), nullable=True),
        sa.Column("occurred_at", UtcDateTime(), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.Column("parked_at", UtcDateTime(), nullable=True),
        sa.Column("parked_because", sa.String(64), nullable=True),
        sa.CheckConstraint(
            "parked_because IN ('unknown', 'unreadable')",
            name=op.f("ck_outbox_messages_parked_because"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_outbox_messages_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_messages")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_outbox_messages_tenant_id_id")),
    )
    op.create_index(
        op.f("ix_outbox_messages_pending"),
        "outbox_messages",
        ["published_at", "parked_at", "occurred_at", "id"],
    )
    op.create_index(
        op.f("ix_outbox_messages_parked"),
        "outbox_messages",
        ["parked_at"],
        postgresql_where=sa.text("parked_at IS NOT NULL"),
        sqlite_where=sa.text("parked_at IS NOT NULL"),
    )


def _create_idempotency_records() -> None:
    op.create_table(
        "idempotency_records",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("method", sa.String(16), nullable=False),
        sa.Column("route", sa.String(255), nullable=False),
        sa.Column("key", sa.String(255), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", Json, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_idempotency_records_tenant_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"],
            ["users.tenant_id", "users.id"],
            name=op.f("fk_idempotency_records_tenant_id_user_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idempotency_records")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_idempotency_records_tenant_id_id")),
        sa.UniqueConstraint(
            "tenant_id",
            "user_id",
            "method",
            "route",
            "key",
            name=op.f("uq_idempotency_records_tenant_id_user_id_method_route_key"),
        ),
    )
    op.create_index(
        op.f("ix_idempotency_records_expires_at"),
        "idempotency_records",
        ["tenant_id", "expires_at"],
    )


def _create_jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("schedule", sa.String(100), nullable=True),
        sa.Column("scheduled_for", UtcDateTime(), nullable=True),
        sa.Column("event", sa.String(100), nullable=True),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("payload", Json, nullable=True),
        sa.Column("correlation_id", sa.String(128), nullable=True),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.Column("row_id", sa.Uuid(), nullable=True),
        sa.Column("given", Json, nullable=True),
        sa.Column("result", Json, nullable=True),
        sa.Column("state", sa.String(64), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("run_at", UtcDateTime(), nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("max_attempts", sa.Integer(), nullable=False),
        sa.Column("token", sa.Uuid(), nullable=True),
        sa.Column("leased_until", UtcDateTime(), nullable=True),
        sa.Column("progress", Json, nullable=False),
        sa.Column("reason", sa.String(100), nullable=True),
        sa.Column("history", Json, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "state IN ('queued', 'leased', 'done', 'dead', 'cancelled')",
            name=op.f("ck_jobs_state"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_jobs_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_jobs_tenant_id_id")),
        sa.UniqueConstraint(
            "tenant_id",
            "name",
            "schedule",
            "scheduled_for",
            name=op.f("uq_jobs_tenant_id_name_schedule_scheduled_for"),
        ),
        sa.UniqueConstraint(
            "tenant_id", "name", "event_id", name=op.f("uq_jobs_tenant_id_name_event_id")
        ),
        sa.UniqueConstraint(
            "tenant_id",
            "run_id",
            "name",
            "row_id",
            name=op.f("uq_jobs_tenant_id_run_id_name_row_id"),
        ),
    )
    op.create_index(op.f("ix_jobs_created_at"), "jobs", ["tenant_id", "created_at", "id"])
    op.create_index(op.f("ix_jobs_name"), "jobs", ["tenant_id", "name", "created_at", "id"])
    op.create_index(
        op.f("ix_jobs_next"),
        "jobs",
        ["priority", "run_at", "id"],
        postgresql_where=sa.text("state = 'queued'"),
        sqlite_where=sa.text("state = 'queued'"),
    )
    op.create_index(op.f("ix_jobs_row_id"), "jobs", ["tenant_id", "row_id", "created_at", "id"])
    op.create_index(op.f("ix_jobs_state"), "jobs", ["tenant_id", "state", "created_at", "id"])
    op.create_index(op.f("ix_jobs_state_finished_at"), "jobs", ["state", "finished_at"])
    op.create_index(op.f("ix_jobs_state_run_at"), "jobs", ["state", "run_at", "id"])
    op.create_index(
        op.f("ix_jobs_turn"),
        "jobs",
        ["tenant_id", "priority", "run_at", "id"],
        postgresql_where=sa.text("state = 'queued'"),
        sqlite_where=sa.text("state = 'queued'"),
    )
    op.create_index(
        op.f("ix_jobs_untold"),
        "jobs",
        ["run_at"],
        postgresql_where=sa.text("state = 'queued' AND told_at IS NULL"),
        sqlite_where=sa.text("state = 'queued' AND told_at IS NULL"),
    )
    op.create_index(
        op.f("uq_jobs_leased"),
        "jobs",
        ["tenant_id", "name"],
        unique=True,
        postgresql_where=sa.text("state = 'leased' AND event_id IS NULL"),
        sqlite_where=sa.text("state = 'leased' AND event_id IS NULL"),
    )


def _create_background() -> None:
    op.create_table(
        "schedule_firings",
        sa.Column("schedule", sa.String(100), nullable=False),
        sa.Column("scheduled_for", UtcDateTime(), nullable=False),
        sa.Column("outcome", sa.String(64), nullable=False),
        sa.Column("happened_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('begun', 'fired', 'missed')", name=op.f("ck_schedule_firings_outcome")
        ),
        sa.PrimaryKeyConstraint("schedule", "scheduled_for", name=op.f("pk_schedule_firings")),
    )
    op.create_table(
        "local_firings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("schedule", sa.String(100), nullable=False),
        sa.Column("time_zone", sa.String(64), nullable=False),
        sa.Column("scheduled_for", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_local_firings_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_local_firings")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_local_firings_tenant_id_id")),
        sa.UniqueConstraint(
            "tenant_id", "schedule", name=op.f("uq_local_firings_tenant_id_schedule")
        ),
    )
    op.create_table(
        "paused_jobs",
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("paused_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_paused_jobs")),
    )
    op.create_table(
        "workers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("troubled", Json, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workers")),
    )


def _create_webhooks() -> None:
    op.create_table(
        "webhooks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.String(2048), nullable=False),
        sa.Column("events", Json, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("disabled_because", sa.String(64), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("salt", sa.String(64), nullable=False),
        sa.Column("earlier_salt", sa.String(64), nullable=True),
        sa.Column("earlier_until", UtcDateTime(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "disabled_because IN ('failures', 'gone')", name=op.f("ck_webhooks_disabled_because")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "owner_id"],
            ["users.tenant_id", "users.id"],
            name=op.f("fk_webhooks_tenant_id_owner_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_webhooks_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_webhooks_tenant_id_id")),
    )
    op.create_index(op.f("ix_webhooks_created_at"), "webhooks", ["tenant_id", "created_at", "id"])
    op.create_index(op.f("ix_webhooks_owner_id"), "webhooks", ["tenant_id", "owner_id"])


def _create_webhook_deliveries() -> None:
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("webhook_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(100), nullable=False),
        sa.Column("payload", Json, nullable=False),
        sa.Column("occurred_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(64), nullable=False),
        sa.Column("run_at", UtcDateTime(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("max_attempts", sa.Integer(), nullable=False),
        sa.Column("token", sa.Uuid(), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(100), nullable=True),
        sa.Column("attempts", Json, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'delivered', 'failed', 'cancelled')",
            name=op.f("ck_webhook_deliveries_state"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "webhook_id"],
            ["webhooks.tenant_id", "webhooks.id"],
            name=op.f("fk_webhook_deliveries_tenant_id_webhook_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_webhook_deliveries_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_deliveries")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_webhook_deliveries_tenant_id_id")),
        sa.UniqueConstraint(
            "tenant_id",
            "webhook_id",
            "event_id",
            name=op.f("uq_webhook_deliveries_tenant_id_webhook_id_event_id"),
        ),
    )
    op.create_index(
        op.f("ix_webhook_deliveries_created_at"),
        "webhook_deliveries",
        ["tenant_id", "created_at", "id"],
    )
    op.create_index(
        op.f("ix_webhook_deliveries_state"),
        "webhook_deliveries",
        ["tenant_id", "state", "created_at", "id"],
    )
    op.create_index(
        op.f("ix_webhook_deliveries_webhook_id"),
        "webhook_deliveries",
        ["tenant_id", "webhook_id", "created_at", "id"],
    )
    op.create_index(
        op.f("ix_webhook_deliveries_state_run_at"), "webhook_deliveries", ["state", "run_at"]
    )
    op.create_index(op.f("ix_webhook_deliveries_created"), "webhook_deliveries", ["created_at"])


def _create_received_messages() -> None:
    op.create_table(
        "received_messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sender", sa.String(48), nullable=False),
        sa.Column("message_id", sa.String(255), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_received_messages")),
        sa.UniqueConstraint(
            "sender", "message_id", name=op.f("uq_received_messages_sender_message_id")
        ),
    )
    op.create_index(op.f("ix_received_messages_expires_at"), "received_messages", ["expires_at"])
