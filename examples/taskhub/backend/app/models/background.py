"""What schedulers and workers keep for themselves: firings, paused jobs, signs of life."""

from enum import StrEnum
from typing import Final

from sqlalchemy import Column, PrimaryKeyConstraint, String, Uuid

from app.core.zones import MAX_ZONE
from app.db.metadata import enum_type, global_table, tenant_table, unique
from app.db.types import Json, UtcDateTime
from app.models.job import MAX_NAME


class Firing(StrEnum):
    """What became of a time at which a schedule was to fire."""

    BEGUN = "begun"
    """None: it is the time at which the schedule was seen first."""
    FIRED = "fired"
    MISSED = "missed"


# The key lets each firing happen once, however many schedulers there are.
schedule_firings: Final = global_table(
    "schedule_firings",
    Column("schedule", String(MAX_NAME), nullable=False),
    Column("scheduled_for", UtcDateTime(), nullable=False),
    Column("outcome", enum_type(Firing, name="outcome"), nullable=False),
    Column("happened_at", UtcDateTime(), nullable=False),
    PrimaryKeyConstraint("schedule", "scheduled_for"),
)

# The last firing by a tenant's own clock, one row for each tenant and schedule.
local_firings: Final = tenant_table(
    "local_firings",
    Column("schedule", String(MAX_NAME), nullable=False),
    Column("time_zone", String(MAX_ZONE), nullable=False),
    Column("scheduled_for", UtcDateTime(), nullable=False),
    unique("schedule"),
)

paused_jobs: Final = global_table(
    "paused_jobs",
    Column("name", String(MAX_NAME), primary_key=True),
    Column("paused_at", UtcDateTime(), nullable=False),
)

workers: Final = global_table(
    "workers",
    Column("id", Uuid(), primary_key=True),
    Column("started_at", UtcDateTime(), nullable=False),
    Column("seen_at", UtcDateTime(), nullable=False),
    # Services that it does not ask for a while, by name, and why.
    Column("troubled", Json, nullable=False),
)
