"""Files: how large they may be, and of which media types."""

from collections.abc import Iterator
from dataclasses import replace

from tests.verify.mutants.base import Mutant, mutant, names_of, own, with_entity
from tospec.model import Entity, FileRule, System

_KINDS = "files"


def mutants(system: System) -> Iterator[Mutant]:
    """Change what the files of entities may be."""
    for entity in own(system):
        if entity.file:
            for change, rule in _changes(entity.file):
                yield _of_file(system, entity, change, rule)


def _changes(rule: FileRule) -> Iterator[tuple[str, FileRule]]:
    yield "one byte more allowed", replace(rule, max_size=rule.max_size + 1)
    yield "one byte more refused", replace(rule, max_size=rule.max_size - 1)
    yield "another type allowed", replace(rule, media_types=(*rule.media_types, "text/csv"))
    for dropped in rule.media_types:
        kept = tuple(each for each in rule.media_types if each != dropped)
        yield f"{dropped} refused", replace(rule, media_types=kept)


def _of_file(system: System, entity: Entity, change: str, rule: FileRule) -> Mutant:
    return mutant(
        "file",
        f"entity {entity.name}.file",
        change,
        with_entity(system, replace(entity, file=rule)),
        kinds=_KINDS,
        about=tuple(names_of(system, entity)),
    )
