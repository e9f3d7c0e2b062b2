"""What modules and functions say about themselves."""

from tospec.ir.entities import Entity
from tospec.ir.names import EntityNames
from tospec.ir.tables import EnumType
from tospec.python import sentence


def entity_header(entity: Entity) -> str:
    """Return what an entity's main module says about itself."""
    nouns = entity.names.nouns
    title = nouns[:1].upper() + nouns[1:]
    served = f" ({', '.join(entity.requirements)})" if entity.requirements else ""
    about = entity.description.strip().removesuffix(".")
    described = f": {about[:1].lower()}{about[1:]}" if about else ""
    return sentence(f"{title}{described}{served}")


def enum_about(names: EntityNames, enum: EnumType) -> str:
    """Return what the class of an enum says about itself."""
    return f"States of {names.a_noun}." if enum.is_state else f"Values of `{enum.field}`."
