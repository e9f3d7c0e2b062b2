"""Other services, stubbed, for jobs that ask them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from pydantic import SecretStr

from app.core.settings import Settings
from app.integrations import Integrations
from tests.integrations.known import SETTINGS
from tests.stubs.contract import CALLS
from tests.stubs.server import Stub


@asynccontextmanager
async def stubbed(settings: Settings) -> AsyncIterator[tuple[Stub, Integrations]]:
    """Serve stubs of all other services, and hand out how jobs reach them."""
    stub = Stub(CALLS)
    async with stub.serving() as url:
        changes: dict[str, Any] = {}
        for name, (setting, proof) in SETTINGS.items():
            changes[setting] = f"{url}/{name}"
            changes |= {} if proof is None else {proof: SecretStr("a-proof")}
        outside = Integrations.of(settings.model_copy(update=changes))
        try:
            yield stub, outside
        finally:
            await outside.close()
