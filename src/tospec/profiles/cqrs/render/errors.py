"""`app/errors.py`: the error cases of the spec."""

from dataclasses import dataclass

from tospec.ir.data import DataModel, ErrorCase
from tospec.profiles.cqrs.render.environment import TEMPLATES
from tospec.python import Code, docstring, literal, module, sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class _Error:
    type: Code
    docstring: Code
    slug: Code
    code: Code
    title: Code


def render_errors(data: DataModel, path: str) -> str:
    """Return the module of the error cases."""
    errors = [_error(each) for each in data.errors]
    body = TEMPLATES.render("errors.py.j2", artifact=path, errors=errors)
    return module("The service's own error cases.", body, artifact=path)


def _error(case: ErrorCase) -> _Error:
    message = sentence(case.message)
    return _Error(
        type=Code(case.type),
        docstring=docstring(message, indent=4),
        slug=literal(case.slug),
        code=literal(case.code),
        title=literal(message, width=80),
    )
