"""Scenarios about comments, as the requirements tell them."""

import pytest

from app.authorization.permissions import Role
from app.core.preconditions import entity_tag
from tests.calls.comments import UPDATE_COMMENT
from tests.factories.comments import find_comment, make_comment
from tests.world import World, refused


@pytest.mark.requirement("REQ-013")
async def test_nobody_edits_the_comment_of_somebody_else(world: World) -> None:
    """Nobody edits the comment of somebody else"""
    mia = world.home[Role.MEMBER]
    noah = await world.join(Role.MEMBER)
    note = await make_comment(noah)
    call = UPDATE_COMMENT.call(
        comment_id=note.id, body={"body": "Changed"}, if_match=entity_tag(note)
    )
    before = await find_comment(noah, note.id)

    response = await mia.send(call)

    assert refused(response) == (403, "permission-denied")
    assert await find_comment(noah, note.id) == before
