"""Ids of messages that other services have sent, by which each is taken in once."""

from typing import Final

from sqlalchemy import Column, Index, String, UniqueConstraint, Uuid

from app.db.metadata import global_table
from app.db.types import UtcDateTime

MAX_SENDER: Final = 48
MAX_MESSAGE_ID: Final = 255

# Of whom a message is stands in the event that it became, never here.
received_messages: Final = global_table(
    "received_messages",
    Column("id", Uuid(), primary_key=True),
    Column("sender", String(MAX_SENDER), nullable=False),
    Column("message_id", String(MAX_MESSAGE_ID), nullable=False),
    Column("received_at", UtcDateTime(), nullable=False),
    Column("expires_at", UtcDateTime(), nullable=False),
    UniqueConstraint("sender", "message_id"),
    Index("ix_received_messages_expires_at", "expires_at"),
)
