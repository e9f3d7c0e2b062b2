"""Roles (REQ-003)."""

from enum import StrEnum


class Role(StrEnum):
    """What a person is in a tenant."""

    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"
    VIEWER = "viewer"
