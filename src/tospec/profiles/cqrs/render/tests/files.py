"""`tests/files/test_<entities>.py`: files that come, are kept, and are handed out."""

from tospec.ir.case_tables import EntityCases
from tospec.ir.cases import Operation
from tospec.profiles.cqrs import places
from tospec.profiles.cqrs.render.environment import TEMPLATES
from tospec.profiles.cqrs.render.tests.parts import (
    factory,
    header,
    home,
    operation,
    requirements,
)
from tospec.python import Code, constant_case, fill, literal, module, symbol


def has_files(entity: EntityCases) -> bool:
    """Whether clients send files of an entity."""
    return entity.media_type is not None and entity.operation("create") is not None


def render_files(entity: EntityCases, path: str) -> str:
    """Return the module of the tests of an entity's files."""
    create, download = entity.operation("create"), entity.operation("download")
    if create is None:
        return ""
    names, constants = entity.names, constant_case(entity.names.singular)
    role = _role(create, download)
    delete = entity.operation("delete")
    own = download or delete
    body = TEMPLATES.render(
        "tests/files.py.j2",
        artifact=path,
        requirements=requirements(entity.requirements),
        create=operation(names, create.name),
        person=home(role),
        above=create.above is not None,
        download=operation(names, download.name) if download and role in download.served else None,
        content_path=_content_path(download) if download else None,
        delete=operation(names, delete.name) if delete else None,
        deleter=home(delete.served[0]) if delete else None,
        own_id=Code(own.parameters[0]) if own else None,
        soft=literal(entity.soft_delete),
        find=factory(names, "find"),
        make=factory(names, "make"),
        repository=symbol(f"app.repositories.{names.plural}", entity.factory.repository),
        table=Code(names.plural),
        media_type=literal(entity.media_type),
        max_size=places.file_constant(names, f"{constants}_MAX_SIZE"),
        media_types=places.file_constant(names, f"{constants}_MEDIA_TYPES"),
    )
    about = "how files come, are kept, and are handed out"
    return module(header(entity, about), body, artifact=path)


def _role(create: Operation, download: Operation | None) -> str:
    """Return a role that may send files, and fetch them if some role may do both."""
    fetching = download.served if download else ()
    both = (role for role in create.served if role in fetching)
    return next(both, create.served[0])


def _content_path(download: Operation) -> Code:
    before, _, after = download.path.partition(f"{{{download.parameters[0]}}}")
    parts = (Code(literal(text).text[1:-1]) for text in (before, after))
    return fill('f"{}{{identifier_of(response)}}{}"', *parts)
