"""`tests/inbox/known.py`: what other services tell, as tests send it."""

from dataclasses import dataclass

from tospec.ir.case_tables import Suite
from tospec.ir.job_cases import MessageCase
from tospec.profiles.cqrs.render.environment import TEMPLATES
from tospec.profiles.cqrs.render.tests.parts import factory
from tospec.python import Code, constant, fill, identifier, join, literal, module, symbol

_USER = "User"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Message:
    sender: Code
    type: Code
    event: Code
    about: Code
    optional: Code
    data: Code
    make: Code


def render_known_messages(suite: Suite, path: str) -> str:
    """Return what tests of all messages go through."""
    messages = [_message(each) for each in suite.messages]
    body = TEMPLATES.render("tests/messages.py.j2", artifact=path, messages=messages)
    return module("The messages that other services send.", body, artifact=path)


def _message(case: MessageCase) -> _Message:
    held = (fill("{}: {}", literal(name), literal(value)) for name, value in case.data)
    home = f"app.inbox.{identifier(case.sender).text}"
    return _Message(
        sender=symbol(home, constant(case.sender).text),
        type=literal(case.type),
        event=literal(case.event),
        about=literal(case.about),
        optional=literal(case.optional),
        data=fill("{{{}}}", join(", ", held)),
        make=symbol("tests.inbox.sending", "themselves")
        if case.of.type == _USER
        else factory(case.of, "make"),
    )
