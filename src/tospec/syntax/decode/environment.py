"""What all decoders share: the names, members and types of the whole spec."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tospec.expression import BOOL, Type, entity
from tospec.model import Assignment, Call, Expression, Requirement
from tospec.syntax import codes
from tospec.syntax.declaring import Catalogue
from tospec.syntax.decode.skeletons import Skeleton
from tospec.syntax.formulas import compile_node
from tospec.syntax.keys import Keys, Word
from tospec.syntax.nodes import Node
from tospec.syntax.problems import Problems
from tospec.syntax.scope import RowScope, Types, member_type


@dataclass(slots=True)
class Environment:
    """The spec as far as it is known when expressions are read.

    Attributes:
        conventions: Conventions that the spec adopted.
        rest_decides: Whether rest-1 is adopted, and the authority table lets it decide.
        view_of: By view: its entity.
        event_of: By event: its entity, and the name of the item that each carries.
        sender_of: By event that another service tells: its integration.
        calls: What other services can be asked for, such as `mail.send`.
    """

    problems: Problems
    names: Catalogue
    skeletons: Mapping[str, Skeleton]
    types: Types
    conventions: tuple[str, ...]
    rest_decides: bool
    view_of: dict[str, str] = field(default_factory=dict)
    event_of: dict[str, tuple[str, str]] = field(default_factory=dict)
    sender_of: dict[str, str] = field(default_factory=dict)
    calls: Mapping[str, Call] = field(default_factory=dict)

    def permission(self, keys: Keys, key: str = "permission") -> str | None:
        """Return the permission under `key`, reported when there is no such one."""
        word = keys.word(key)
        if word is None:
            return None
        return self.names.resolve(codes.UNKNOWN_PERMISSION, word, self.names.permissions)

    def view(self, word: Word | None, owner: str) -> str | None:
        """Return a view, reported when there is no such one or it shows another entity."""
        if word is None:
            return None
        self.names.resolve(codes.UNKNOWN_VIEW, word, self.names.views)
        of = self.view_of.get(word.text, owner)
        if of != owner:
            message = f"'{word.text}' shows a {of}, not a {owner}."
            self.problems.add(codes.WRONG_ENTITY, word.span, message, f"Name a view of {owner}.")
        return word.text

    def event(self, word: Word, owner: str) -> str:
        """Return an event, reported when there is no such one or it is about another entity."""
        self.names.resolve(codes.UNKNOWN_EVENT, word, self.names.events)
        of = self.event_of.get(word.text, (owner, ""))[0]
        if sender := self.sender_of.get(word.text):
            message = f"'{word.text}' is told by {sender}; nothing here announces it."
            self.problems.add(codes.WRONG_ENTITY, word.span, message, "Declare another event.")
        elif of != owner:
            message = f"'{word.text}' is about a {of}, not a {owner}."
            self.problems.add(codes.WRONG_ENTITY, word.span, message, f"Name an event of {owner}.")
        return word.text

    def requirements(self, keys: Keys, scope: RowScope) -> tuple[Requirement, ...]:
        """Return the conditions under `require`."""
        found = (self.requirement(item, scope) for item in keys.records("require"))
        return tuple(requirement for requirement in found if requirement)

    def requirement(self, keys: Keys, scope: RowScope) -> Requirement | None:
        """Return a condition with its error case."""
        error = keys.word("else")
        if error:
            self.names.resolve(codes.UNKNOWN_ERROR, error, self.names.errors)
        that = self.condition(keys, "that", scope)
        if that is None:
            return None
        return Requirement(that=that, error=error.text if error else "", span=keys.place("that"))

    def condition(self, keys: Keys, key: str, scope: RowScope) -> Expression | None:
        """Return the condition under `key`."""
        return compile_node(keys.node.get(key), scope, BOOL, self.problems)

    def action(self, word: Word | None, owner: str) -> str | None:
        """Return an action of the policy, reported when there is no such one."""
        if word is None:
            return None
        known = self.types.allowed.get(owner, ())
        if word.text not in known:
            self.problems.unknown(
                codes.UNKNOWN_ACTION, word.span, f"action of {owner}", word.text, known
            )
        return word.text

    def assignments(self, keys: Keys, scope: RowScope) -> tuple[Assignment, ...]:
        """Return what `set` stores in a row."""
        found = (self._assignment(name, node, scope) for name, node in keys.entries("set"))
        return tuple(assignment for assignment in found if assignment)

    def _assignment(self, target: Word, node: Node, scope: RowScope) -> Assignment | None:
        wanted = self._assignable(target, scope.entity)
        if wanted is None:
            return None
        value = compile_node(node, scope, wanted, self.problems)
        return Assignment(target=target.text, value=value, span=target.span) if value else None

    def _assignable(self, target: Word, owner: str) -> Type | None:
        """Return the type that a field or relation to one takes."""
        skeleton = self.skeletons[owner]
        found = skeleton.field(target.text)
        relation = skeleton.relation(target.text)
        if found and found.origin == "lifecycle":
            self._wrong(target, "Only transitions change the state.", "Call the transition.")
        elif found and (found.generated or found.immutable):
            self._wrong(target, f"'{found.name}' never changes by hand.", "Leave it out.")
        elif found:
            return member_type(owner, found)
        elif relation and (relation.many or relation.immutable or relation.generated_by_principal):
            self._wrong(target, f"'{relation.name}' cannot be set here.", "Leave it out.")
        elif relation:
            one = entity(relation.to)
            return one.optional() if relation.optional else one
        else:
            self.unknown_member(target, owner)
        return None

    def unknown_member(self, word: Word, owner: str) -> None:
        """Report a name that no member of an entity has."""
        known = self.skeletons[owner].members
        what = f"member of {owner}"
        self.problems.unknown(codes.UNKNOWN_MEMBER, word.span, what, word.text, known)

    def _wrong(self, word: Word, message: str, help_: str) -> None:
        self.problems.add(codes.WRONG_MEMBER, word.span, message, help_)
