"""Create the tables of the service."""

from typing import Final

import sqlalchemy as sa
from alembic import op

from app.db.security import tenant_table_policies
from app.db.types import UtcDateTime
from app.db.words import Word

revision: Final = "c03ab3fd24f9"
down_revision: Final = "87ed1c910b2d"
branch_labels: Final = None
depends_on: Final = None

_ENTITIES: Final = (
    "projects",
    "labels",
    "tasks",
    "comments",
    "attachments",
)
_WITHOUT_IDS: Final = (
    "project_members",
    "project_words",
    "task_labels",
    "task_number_counters",
    "task_words",
)


def upgrade() -> None:
    """Create the tables; on PostgreSQL, lock each to the tenant of the transaction."""
    _create_projects()
    _create_labels()
    _create_tasks()
    _create_comments()
    _create_attachments()
    _create_project_members()
    _create_project_words()
    _create_task_labels()
    _create_task_number_counters()
    _create_task_words()
    if op.get_context().dialect.name == "postgresql":
        _separate_tenants()


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("task_words")
    op.drop_table("task_number_counters")
    op.drop_table("task_labels")
    op.drop_table("project_words")
    op.drop_table("project_members")
    op.drop_table("attachments")
    op.drop_table("comments")
    op.drop_table("tasks")
    op.drop_table("labels")
    op.drop_table("projects")


def _separate_tenants() -> None:
    for table in _ENTITIES:
        for statement in tenant_table_policies(table):
            op.execute(statement)
    for table in _WITHOUT_IDS:
        for statement in tenant_table_policies(table, identified=False):
            op.execute(statement)


def _create_projects() -> None:
    op.create_table(
        "projects",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("key", sa.String(255), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("visibility", sa.String(64), nullable=False),
        sa.Column("reviewed_by_others", sa.Boolean(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "visibility IN ('tenant', 'private')", name=op.f("ck_projects_visibility")
        ),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 120", name=op.f("ck_projects_name_length")),
        sa.CheckConstraint(
            "length(description) BETWEEN 0 AND 10000", name=op.f("ck_projects_description_length")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_projects_tenant_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "created_by_id"],
            ["users.tenant_id", "users.id"],
            name=op.f("fk_projects_tenant_id_created_by_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_projects")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_projects_tenant_id_id")),
        sa.UniqueConstraint("tenant_id", "key", name=op.f("uq_projects_tenant_id_key")),
    )
    op.create_index(
        op.f("uq_projects_name"), "projects", ["tenant_id", sa.text("lower(name)")], unique=True
    )
    op.create_index(op.f("ix_projects_created_by_id"), "projects", ["tenant_id", "created_by_id"])
    op.create_index(op.f("ix_projects_name_id"), "projects", ["tenant_id", "name", "id"])
    op.create_index(
        op.f("ix_projects_created_at_id"), "projects", ["tenant_id", "created_at", "id"]
    )
    op.create_index(
        op.f("ix_projects_updated_at_id"), "projects", ["tenant_id", "updated_at", "id"]
    )
    op.create_index(
        op.f("ix_projects_visibility_name_id"),
        "projects",
        ["tenant_id", "visibility", "name", "id"],
    )


def _create_labels() -> None:
    op.create_table(
        "labels",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(50), nullable=False),
        sa.Column("color", sa.String(255), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 50", name=op.f("ck_labels_name_length")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_labels_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_labels")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_labels_tenant_id_id")),
    )
    op.create_index(
        op.f("uq_labels_name"), "labels", ["tenant_id", sa.text("lower(name)")], unique=True
    )
    op.create_index(op.f("ix_labels_name_id"), "labels", ["tenant_id", "name", "id"])
    op.create_index(op.f("ix_labels_created_at_id"), "labels", ["tenant_id", "created_at", "id"])


def _create_tasks() -> None:
    op.create_table(
        "tasks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.String(255), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("priority", sa.String(64), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("estimate", sa.Integer(), nullable=True),
        sa.Column("completed_at", UtcDateTime(), nullable=True),
        sa.Column("cancel_reason", sa.String(500), nullable=True),
        sa.Column("overdue_told_for", UtcDateTime(), nullable=True),
        sa.Column("mail_bounced_at", UtcDateTime(), nullable=True),
        sa.Column("archived_at", UtcDateTime(), nullable=True),
        sa.Column("status", sa.String(64), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("assignee_id", sa.Uuid(), nullable=True),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "priority IN ('low', 'medium', 'high', 'urgent')", name=op.f("ck_tasks_priority")
        ),
        sa.CheckConstraint(
            "status IN ('todo', 'in_progress', 'in_review', 'done', 'cancelled')",
            name=op.f("ck_tasks_status"),
        ),
        sa.CheckConstraint("length(title) BETWEEN 1 AND 255", name=op.f("ck_tasks_title_length")),
        sa.CheckConstraint(
            "length(description) BETWEEN 0 AND 20000", name=op.f("ck_tasks_description_length")
        ),
        sa.CheckConstraint("estimate BETWEEN 0 AND 60000", name=op.f("ck_tasks_estimate_range")),
        sa.CheckConstraint(
            "length(cancel_reason) BETWEEN 3 AND 500", name=op.f("ck_tasks_cancel_reason_length")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_tasks_tenant_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "project_id"],
            ["projects.tenant_id", "projects.id"],
            name=op.f("fk_tasks_tenant_id_project_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "assignee_id"],
            ["users.tenant_id", "users.id"],
            name=op.f("fk_tasks_tenant_id_assignee_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "parent_id"],
            ["tasks.tenant_id", "tasks.id"],
            name=op.f("fk_tasks_tenant_id_parent_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "created_by_id"],
            ["users.tenant_id", "users.id"],
            name=op.f("fk_tasks_tenant_id_created_by_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_tasks_tenant_id_id")),
        sa.UniqueConstraint(
            "tenant_id", "project_id", "number", name=op.f("uq_tasks_tenant_id_project_id_number")
        ),
    )
    op.create_index(
        op.f("ix_tasks_project_id_status_due_at"),
        "tasks",
        ["tenant_id", "project_id", "status", "due_at"],
    )
    op.create_index(
        op.f("ix_tasks_assignee_id_status"), "tasks", ["tenant_id", "assignee_id", "status"]
    )
    op.create_index(op.f("ix_tasks_parent_id"), "tasks", ["tenant_id", "parent_id"])
    op.create_index(op.f("ix_tasks_created_by_id"), "tasks", ["tenant_id", "created_by_id"])
    op.create_index(op.f("ix_tasks_created_at_id"), "tasks", ["tenant_id", "created_at", "id"])
    op.create_index(op.f("ix_tasks_updated_at_id"), "tasks", ["tenant_id", "updated_at", "id"])
    op.create_index(
        op.f("ix_tasks_missing_due_at_id"),
        "tasks",
        ["tenant_id", sa.text("(due_at IS NULL)"), "due_at", "id"],
    )
    op.create_index(
        op.f("ix_tasks_missing_due_at_desc_id"),
        "tasks",
        ["tenant_id", sa.text("(due_at IS NULL)"), sa.text("due_at DESC"), sa.text("id DESC")],
    )
    op.create_index(
        op.f("ix_tasks_priority_rank_id"),
        "tasks",
        [
            "tenant_id",
            sa.text(
                "(CASE priority WHEN 'low' THEN 0 WHEN 'medium' THEN 1 WHEN 'high' "
                "THEN 2 WHEN 'urgent' THEN 3 END)"
            ),
            "id",
        ],
    )
    op.create_index(
        op.f("ix_tasks_status_created_at_id"), "tasks", ["tenant_id", "status", "created_at", "id"]
    )
    op.create_index(
        op.f("ix_tasks_priority_created_at_id"),
        "tasks",
        ["tenant_id", "priority", "created_at", "id"],
    )
    op.create_index(op.f("ix_tasks_due_at_id"), "tasks", ["tenant_id", "due_at", "id"])


def _create_comments() -> None:
    op.create_table(
        "comments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("deleted_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("length(body) BETWEEN 1 AND 5000", name=op.f("ck_comments_body_length")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_comments_tenant_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "task_id"],
            ["tasks.tenant_id", "tasks.id"],
            name=op.f("fk_comments_tenant_id_task_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "author_id"],
            ["users.tenant_id", "users.id"],
            name=op.f("fk_comments_tenant_id_author_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_comments_tenant_id_id")),
    )
    op.create_index(op.f("ix_comments_author_id"), "comments", ["tenant_id", "author_id"])
    op.create_index(
        op.f("ix_comments_task_id_created_at_id"),
        "comments",
        ["tenant_id", "task_id", "created_at", "id"],
    )
    op.create_index(
        op.f("ix_comments_deleted"),
        "comments",
        ["tenant_id", "created_at", "id"],
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
        sqlite_where=sa.text("deleted_at IS NOT NULL"),
    )


def _create_attachments() -> None:
    op.create_table(
        "attachments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("media_type", sa.String(127), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "length(name) BETWEEN 1 AND 255", name=op.f("ck_attachments_name_length")
        ),
        sa.CheckConstraint(
            "length(media_type) BETWEEN 1 AND 127", name=op.f("ck_attachments_media_type_length")
        ),
        sa.CheckConstraint(
            "length(sha256) BETWEEN 64 AND 64", name=op.f("ck_attachments_sha256_length")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_attachments_tenant_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "task_id"],
            ["tasks.tenant_id", "tasks.id"],
            name=op.f("fk_attachments_tenant_id_task_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "created_by_id"],
            ["users.tenant_id", "users.id"],
            name=op.f("fk_attachments_tenant_id_created_by_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_attachments_tenant_id_id")),
    )
    op.create_index(
        op.f("ix_attachments_created_by_id"), "attachments", ["tenant_id", "created_by_id"]
    )
    op.create_index(
        op.f("ix_attachments_task_id_created_at_id"),
        "attachments",
        ["tenant_id", "task_id", "created_at", "id"],
    )
    op.create_index(
        op.f("ix_attachments_task_id_name_id"),
        "attachments",
        ["tenant_id", "task_id", "name", "id"],
    )
    op.create_index(
        op.f("ix_attachments_task_id_size_id"),
        "attachments",
        ["tenant_id", "task_id", "size", "id"],
    )


def _create_project_members() -> None:
    op.create_table(
        "project_members",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_project_members_tenant_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "project_id"],
            ["projects.tenant_id", "projects.id"],
            name=op.f("fk_project_members_tenant_id_project_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"],
            ["users.tenant_id", "users.id"],
            name=op.f("fk_project_members_tenant_id_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id", "project_id", "user_id", name=op.f("pk_project_members")
        ),
    )
    op.create_index(op.f("ix_project_members_user_id"), "project_members", ["tenant_id", "user_id"])


def _create_project_words() -> None:
    op.create_table(
        "project_words",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("word", Word, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "project_id"],
            ["projects.tenant_id", "projects.id"],
            name=op.f("fk_project_words_tenant_id_project_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "project_id", "word", name=op.f("pk_project_words")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_project_words_word_project_id"),
        "project_words",
        ["tenant_id", "word", "project_id"],
    )


def _create_task_labels() -> None:
    op.create_table(
        "task_labels",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("label_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_task_labels_tenant_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "task_id"],
            ["tasks.tenant_id", "tasks.id"],
            name=op.f("fk_task_labels_tenant_id_task_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "label_id"],
            ["labels.tenant_id", "labels.id"],
            name=op.f("fk_task_labels_tenant_id_label_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "task_id", "label_id", name=op.f("pk_task_labels")),
    )
    op.create_index(op.f("ix_task_labels_label_id"), "task_labels", ["tenant_id", "label_id"])


def _create_task_number_counters() -> None:
    op.create_table(
        "task_number_counters",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("last_number", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_task_number_counters_tenant_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "project_id"],
            ["projects.tenant_id", "projects.id"],
            name=op.f("fk_task_number_counters_tenant_id_project_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "project_id", name=op.f("pk_task_number_counters")),
    )


def _create_task_words() -> None:
    op.create_table(
        "task_words",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("word", Word, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "task_id"],
            ["tasks.tenant_id", "tasks.id"],
            name=op.f("fk_task_words_tenant_id_task_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "task_id", "word", name=op.f("pk_task_words")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_task_words_word_task_id"), "task_words", ["tenant_id", "word", "task_id"]
    )
