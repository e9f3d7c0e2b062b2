"""What tests ask a stub for."""

from typing import Final
from uuid import UUID

from msgspec import Struct

from app.integrations.connection import Connection
from app.integrations.policies import Call
from tests.stubs.calls import Call as Contract

TOKEN: Final = "not-for-logs"
CALL: Final = Call(name="tell", method="POST", path="/told", keyed=True)
UNKEYED: Final = Call(name="tell", method="POST", path="/unkeyed")
BODY: Final = {"to": "ada@example.com", "text": "Do not tell"}
KEY: Final = "a-key"
CONTRACT: Final = Contract(
    integration="other",
    name="tell",
    method="POST",
    path="/told",
    proof="authorization",
    keyed=True,
    body={"to": "email", "text": "text"},
    answer={"id": "string"},
)


class Told(Struct, frozen=True):
    """What the stub answers."""

    id: str


async def ask(connection: Connection, call: Call = CALL, key: str | UUID = KEY) -> Told:
    return await connection.call(call, BODY, answer=Told, key=str(key))
