"""Roles named by what they may do, so that tests hold whatever a service calls them."""

from typing import Final

import pytest

from app.authorization.permissions import FOUNDER, MANAGE_USERS, ROLE_PERMISSIONS, Role

GRANTED: Final = tuple(each for each in Role if ROLE_PERMISSIONS[each] <= ROLE_PERMISSIONS[FOUNDER])
"""The roles that a founder may give: those that bring no more than a founder holds."""

COLLEAGUE: Final = min(
    GRANTED, key=lambda role: (role is FOUNDER, len(ROLE_PERMISSIONS[role]), role.value)
)
"""The role among them that may do least; a founder's only if there is no other."""

MANAGERS: Final = tuple(each for each in GRANTED if MANAGE_USERS in ROLE_PERMISSIONS[each])
"""Roles that invite people and manage their accounts; a founder's is one."""

DEPUTIES: Final = tuple(
    each for each in MANAGERS if ROLE_PERMISSIONS[each] < ROLE_PERMISSIONS[FOUNDER]
)
"""Roles that manage accounts, and may do less than a founder."""

OTHERS: Final = tuple(each for each in GRANTED if each not in MANAGERS)
"""Roles that manage nobody's account."""

of_two_roles = pytest.mark.skipif(len(GRANTED) < 2, reason="founders give no role but their own")
