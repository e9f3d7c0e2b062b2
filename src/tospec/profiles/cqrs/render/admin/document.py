"""The whole description."""

from tospec.ir.backend import Backend
from tospec.profiles.cqrs.render.admin.accounts import account_resources
from tospec.profiles.cqrs.render.admin.fields import Described, Names
from tospec.profiles.cqrs.render.admin.jobs import job_resources
from tospec.profiles.cqrs.render.admin.resources import resource_of
from tospec.profiles.cqrs.render.admin.webhooks import webhook_resources
from tospec.profiles.cqrs.render.openapi.json_text import Writer


def render_description(backend: Backend, _: str) -> str:
    """Return the description of a backend's resources, in the order of the spec."""
    logic = backend.logic
    names = Names.of(logic)
    described: Described = {
        "service": logic.about.title,
        "version": logic.about.version,
        "resources": [
            *(resource_of(each, names) for each in logic.resources if each.operations),
            *account_resources(logic),
            *job_resources(logic),
            *webhook_resources(logic),
        ],
    }
    return Writer().text(described) + "\n"
