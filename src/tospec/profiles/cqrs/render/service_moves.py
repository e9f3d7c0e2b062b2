"""Methods of services for moves, links and the spec's own commands."""

from collections.abc import Iterator

from tospec.ir.services import ActionMethod, Lifecycle, Link, Transition
from tospec.profiles.cqrs import places
from tospec.profiles.cqrs.render.service_base import (
    Methods,
    declared,
    documented,
    missing,
    stored,
)
from tospec.profiles.cqrs.render.statements import (
    announce,
    check_rules,
    entry,
    own_policy,
    record,
    required,
    rules_of,
)
from tospec.profiles.cqrs.render.variables import rows_variable
from tospec.python import NOTHING, Code, attribute, fill, literal, symbol


class MoveMethods(Methods):
    """Renders moves, links and the spec's own commands."""

    def transition(self, transition: Transition) -> Code:
        """Return the method of one move."""
        values = stored(transition.values)
        rules = rules_of(self._entity, transition.rules) if transition.rules else Code("()")
        moved = fill(
            "await self._move({}, {}, {}, {})",
            self._row,
            literal(transition.name),
            Code("values" if values else "{}"),
            rules,
        )
        return self._render(
            "service_transition.py.j2",
            method=attribute(transition.method),
            parameters=self._parameters(transition.body),
            docstring=documented(
                f"Move the {self._noun} to `{transition.target}`.", transition.faults
            ),
            aliases=list(declared(transition.values)),
            values=values,
            statements=list(self._announced(transition, moved)),
        )

    def link(self, link: Link) -> Code:
        """Return the methods that add and remove one link."""
        word, noun = attribute(link.word), self._noun
        other = link.to.noun
        seen = missing(f"If the actor sees no such {other}.")
        gone = missing(f"If the {other} is not among them.")
        relation = link.relation.replace("_", " ")
        unlinking = tuple(fault for fault in link.faults if fault.is_own)
        return self._render(
            "service_link.py.j2",
            word=word,
            other=attribute(link.parameter),
            docstring=documented(
                f"Add the {other} to the {relation} of the {noun}.", (seen, *link.faults)
            ),
            unlink_docstring=documented(
                f"Take the {other} from the {relation} of the {noun}.", (gone, *unlinking)
            ),
            targets=rows_variable(link.to),
            visible=self._visible(link),
            statements=list(check_rules(self._entity, self._row, link.rules)),
            limit=literal(link.limit) if link.limit else None,
            limit_message=literal(f"At most {link.limit} {relation}."),
            field=attribute(link.field),
            key=literal(link.field),
            link_action=literal(f"link_{link.word}"),
            unlink_action=literal(f"unlink_{link.word}"),
        )

    def action(self, action: ActionMethod) -> Code:
        """Return the method of a command of the spec's own."""
        row, now = self._row, Code("updated")
        return self._render(
            "service_action.py.j2",
            method=attribute(action.method),
            parameters=self._parameters(action.body),
            docstring=documented(action.about, action.faults),
            before=list(declared(action.values)),
            values=stored(action.values) or Code("{}"),
            required=required(self._entity, action.rules),
            after=[
                *record(self._entity, action.method, row, before=row, after=now),
                *announce(self._entity, action.emissions, now, before=row),
            ],
        )

    def move(self, lifecycle: Lifecycle) -> Code:
        """Return what all moves share."""
        row, moved = self._row, Code("moved")
        constant = symbol(places.model_module(self._entity.names), lifecycle.constant)
        return self._render(
            "service_move.py.j2",
            field=attribute(lifecycle.field),
            key=literal(lifecycle.field),
            constant=constant,
            statements=[
                *self._recorded("transition", row, moved),
                *announce(self._entity, lifecycle.emissions, moved, before=row),
            ],
        )

    def relinked(self) -> Code:
        """Return what all changes of links share."""
        row, now = self._row, Code("updated")
        emissions = self._resource.service.link_emissions
        return self._render(
            "service_relinked.py.j2",
            statements=[
                *self._recorded("action", row, now),
                *announce(self._entity, emissions, now, before=row),
            ],
        )

    def _recorded(self, parameter: str, row: Code, now: Code) -> Iterator[Code]:
        """Return the statement that records a change whose name is a parameter."""
        if self._entity.audit:
            name = self._entity.names.singular
            action = Code(f'f"{attribute(name).text}.{{{parameter}}}"')
            yield entry(action, literal(name), row, before=row, after=now)

    def _announced(self, transition: Transition, moved: Code) -> Iterator[Code]:
        if not transition.emissions:
            yield fill("return {}", moved)
            return
        yield fill("moved = {}", moved)
        yield from announce(self._entity, transition.emissions, Code("moved"), before=self._row)
        yield Code("return moved")

    def _visible(self, link: Link) -> Code:
        if not link.has_policy:
            return NOTHING
        own = link.to.plural == self._entity.names.plural
        policy = own_policy(self._entity) if own else places.policy(link.to)
        return fill(", visible={}.visible()", policy)
