"""What other services take and answer."""

from typing import Final

from tests.stubs.calls import Call

CALLS: Final = (
    Call(
        integration="mail",
        name="send",
        method="POST",
        path="/messages",
        proof="authorization",
        keyed=True,
        body={"to": "email", "subject": "string", "text": "text", "about": "uuid?"},
        answer={"id": "string"},
    ),
)
