"""What sends messages to the application."""

import pytest

from app.core.settings import Settings
from tests.inbox.known import MESSAGES
from tests.inbox.sending import Known, Mouth, secret_of
from tests.world import World


@pytest.fixture(params=MESSAGES, ids=lambda known: known.event)
def known(request: pytest.FixtureRequest) -> Known:
    """Each type of message in turn."""
    found: Known = request.param
    return found


@pytest.fixture
def mouth(world: World, known: Known, served_settings: Settings) -> Mouth:
    """The service that sends such messages."""
    secret = secret_of(known.sender, served_settings)
    return Mouth(client=world.client, sender=known.sender, secret=secret)
