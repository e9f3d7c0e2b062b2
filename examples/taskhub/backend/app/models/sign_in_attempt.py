"""Attempts to sign in, by which accounts are locked."""

from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import Column, Index, String, Uuid

from app.db.metadata import enum_type, global_table
from app.db.types import UtcDateTime
from app.models.base import Entity


class SignInOutcome(StrEnum):
    """How an attempt ended; pending while the password is being checked."""

    PENDING = "pending"
    FAILED = "failed"
    SUCCEEDED = "succeeded"


class SignInAttempt(Entity, frozen=True):
    """One attempt at one address, whether or not somebody has an account there.

    Attributes:
        account: Keyed digest of the address: what people type into that field by
            mistake, such as a password, is kept nowhere.
    """

    id: UUID
    account: str
    outcome: SignInOutcome
    attempted_at: datetime


sign_in_attempts: Final = global_table(
    "sign_in_attempts",
    Column("id", Uuid(), primary_key=True),
    Column("account", String(64), nullable=False),
    Column("outcome", enum_type(SignInOutcome, name="outcome"), nullable=False),
    Column("attempted_at", UtcDateTime(), nullable=False),
    Index("ix_sign_in_attempts_account", "account", "attempted_at", "id"),
    Index("ix_sign_in_attempts_attempted_at", "attempted_at"),
)
