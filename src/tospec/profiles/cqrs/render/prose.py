"""What modules and functions say about themselves."""

from tospec.ir.entities import Entity
from tospec.python import sentence


def entity_header(entity: Entity) -> str:
    """Return what an entity's main module says about itself."""
    nouns = entity.names.nouns
    title = nouns[:1].upper() + nouns[1:]
    served = f" ({', '.join(entity.requirements)})" if entity.requirements else ""
    about = entity.description.strip().removesuffix(".")
    described = f": {about[:1].lower()}{about[1:]}" if about else ""
    return sentence(f"{title}{described}{served}")
