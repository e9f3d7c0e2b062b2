"""Tests' tables of what varies with the spec: requirements, payloads, settings."""

from tospec.ir.case_tables import Suite
from tospec.profiles.cqrs.render.environment import TEMPLATES
from tospec.python import Code, literal, module, symbol


def render_payloads(suite: Suite, path: str) -> str:
    """Return the table of the members of all payloads."""
    events = [(literal(each.name), literal(set(each.members))) for each in suite.events]
    body = TEMPLATES.render("tests/payloads.py.j2", artifact=path, events=events)
    return module("Members of the payload of each event.", body, artifact=path)


def render_concerns(suite: Suite, path: str) -> str:
    """Return the requirements that ask for what every backend has to keep."""
    known = suite.concerns
    named = [
        (Code("TENANCY"), known.tenancy),
        (Code("ACCOUNTS"), known.accounts),
        (Code("ROLES"), known.roles),
        (Code("AUDIT"), known.audit),
        (Code("EVENTS"), known.events),
        (Code("OPERATIONS"), known.operations),
    ]
    if known.idempotency is not None:
        named.append((Code("IDEMPOTENCY"), known.idempotency))
    if known.rate_limits is not None:
        named.append((Code("RATE_LIMITS"), known.rate_limits))
    if known.admin is not None:
        named.append((Code("ADMIN"), known.admin))
    if known.jobs is not None:
        named.append((Code("JOBS"), known.jobs))
    if known.webhooks is not None:
        named.append((Code("WEBHOOKS"), known.webhooks))
    if known.integrations is not None:
        named.append((Code("INTEGRATIONS"), known.integrations))
    if known.messages is not None:
        named.append((Code("MESSAGES"), known.messages))
    if known.kept_answers is not None:
        named.append((Code("KEPT_ANSWERS"), known.kept_answers))
    concerns = [(name, literal(ids)) for name, ids in named]
    body = TEMPLATES.render("tests/concerns.py.j2", artifact=path, concerns=concerns)
    header_text = "Ids of the requirements that ask for what every backend has to keep."
    return module(header_text, body, artifact=path)


def render_installation(suite: Suite, path: str) -> str:
    """Return what an installation has to set."""
    settings = [(literal(name), literal(value)) for name, value in suite.settings]
    storage = (literal("STORAGE_URL"), symbol("tests.file_cases", "storage_url"))
    own = [storage] if suite.keeps_files else []
    body = TEMPLATES.render("tests/installation.py.j2", artifact=path, settings=settings, own=own)
    header_text = "What an installation has to set besides its secret, as the tests set it."
    return module(header_text, body, artifact=path)
