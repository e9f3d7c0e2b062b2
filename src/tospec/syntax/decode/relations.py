"""Relations between entities."""

from typing import Final

from tospec.model import OnDelete, Relation, Tree, Write
from tospec.syntax import codes
from tospec.syntax.declaring import Catalogue
from tospec.syntax.keys import Keys, Word
from tospec.syntax.names import check_member_name
from tospec.syntax.problems import Problems

USER: Final = "User"
_NOT_REFERRED: Final = {
    "Tenant": "Every row belongs to its tenant anyway.",
    "AuditEntry": "Entries of the audit trail stand alone.",
    "Invitation": "Invitations are gone once they are accepted.",
}
_ONLY_TO_MANY: Final = ("write", "permission", "max")
_ONLY_TO_ONE: Final = ("optional", "immutable", "generated", "on_delete", "tree")


def decode_relations(entity: str, keys: Keys, names: Catalogue) -> tuple[Relation, ...]:
    """Return the relations of an entity, each with its own faults reported."""
    relations = []
    for name, spec in keys.named("relations"):
        check_member_name(name.text, "relation", name.span, names.problems)
        relation = _relation(name, spec, names)
        _check_keys(relation, spec, names.problems)
        _check_target(entity, relation, spec, names)
        _check_tree(entity, relation, spec, names.problems)
        relations.append(relation)
    return tuple(relations)


def _relation(name: Word, keys: Keys, names: Catalogue) -> Relation:
    permission = keys.word("permission")
    inverse = keys.word("inverse")
    if permission:
        names.resolve(codes.UNKNOWN_PERMISSION, permission, names.permissions)
    if inverse:
        check_member_name(inverse.text, "relation", inverse.span, names.problems)
    return Relation(
        name=name.text,
        to=keys.text("to"),
        span=name.span,
        inverse=inverse.text if inverse else "",
        many=keys.flag("many"),
        optional=keys.flag("optional"),
        immutable=keys.flag("immutable"),
        generated_by_principal=keys.text("generated") == "principal",
        on_delete=_on_delete(keys),
        on_delete_given="on_delete" in keys or keys.text("generated") == "principal",
        write=Write.LINKS if keys.text("write") == Write.LINKS else Write.BODY,
        permission=permission.text if permission else None,
        max=keys.whole("max"),
        tree=_tree(keys, names),
        description=keys.text("description"),
    )


def _on_delete(keys: Keys) -> OnDelete:
    text = keys.text("on_delete")
    return OnDelete(text) if text in OnDelete else OnDelete.RESTRICT


def _tree(keys: Keys, names: Catalogue) -> Tree | None:
    tree = keys.record("tree")
    depth = tree.whole("max_depth") if tree else None
    error = tree.word("else") if tree else None
    if error:
        names.resolve(codes.UNKNOWN_ERROR, error, names.errors)
    if tree is None or depth is None or error is None:
        return None
    return Tree(max_depth=depth, error=error.text, span=keys.key_place("tree"))


def _check_keys(relation: Relation, keys: Keys, problems: Problems) -> None:
    wrong, rule = (
        (_ONLY_TO_ONE, "a relation to one, not with `many`")
        if relation.many
        else (_ONLY_TO_MANY, "a relation with `many: true`")
    )
    for key in wrong:
        if key in keys:
            message = f"'{key}' belongs to {rule}."
            problems.add(codes.MISPLACED_KEY, keys.key_place(key), message, "Leave it out.")
    if relation.many and relation.permission and relation.write is not Write.LINKS:
        message = "'permission' belongs to links that have routes of their own."
        problems.add(codes.MISPLACED_KEY, keys.key_place("permission"), message, "write: links")
    if relation.generated_by_principal:
        for key in ("optional", "immutable"):
            if key in keys:
                message = f"'{key}' adds nothing: who creates a row is always known and stays."
                problems.add(codes.MISPLACED_KEY, keys.key_place(key), message, "Leave it out.")


def _check_target(entity: str, relation: Relation, keys: Keys, names: Catalogue) -> None:
    target = keys.word("to")
    if target is None:
        return
    names.resolve(codes.UNKNOWN_ENTITY, target, names.entities)
    if relation.to in _NOT_REFERRED:
        message = f"A relation cannot lead to {relation.to}."
        names.problems.add(codes.WRONG_ENTITY, target.span, message, _NOT_REFERRED[relation.to])
    if relation.generated_by_principal and relation.to != USER:
        message = f"The principal is a {USER}, not a {relation.to}."
        names.problems.add(codes.WRONG_ENTITY, target.span, message, f"to: {USER}")
    if relation.to == entity and not relation.many and not relation.optional:
        message = f"Each {entity} would need another {entity}, so there could be no first one."
        names.problems.add(codes.REQUIRED_CYCLE, relation.span, message, "Add optional: true.")


def _check_tree(entity: str, relation: Relation, keys: Keys, problems: Problems) -> None:
    if "tree" in keys and relation.to != entity:
        message = f"Only a relation of {entity} to {entity} itself forms trees."
        problems.add(codes.WRONG_ENTITY, keys.key_place("tree"), message, "Leave 'tree' out.")
