"""`app/rules/<entities>.py`: business rules, as conditions on stored rows."""

from collections.abc import Iterable
from dataclasses import dataclass

from tospec.ir.conditions import Input, Rule, RuleSet
from tospec.ir.entities import Entity
from tospec.profiles.cqrs.places import error
from tospec.profiles.cqrs.render.computed import declared
from tospec.profiles.cqrs.render.environment import TEMPLATES
from tospec.python import Code, attribute, docstring, fill, identifier, join, module, symbol


@dataclass(frozen=True, slots=True, kw_only=True)
class _Set:
    name: Code
    parameters: Code
    docstring: Code
    rules: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    decorators: tuple[Code, ...]
    name: Code
    parameters: Code
    docstring: Code
    aliases: tuple[Code, ...]
    condition: Code
    error: Code
    fixed: bool


def render_rules(entity: Entity, path: str) -> str:
    """Return the module of an entity's rules."""
    rules = dict.fromkeys(rule for each in entity.rules for rule in each.rules)
    body = TEMPLATES.render(
        "rules.py.j2",
        artifact=path,
        sets=[_set(entity, each) for each in entity.rules],
        rules=[_rule(rule) for rule in rules],
    )
    return module(_header(entity, rules), body, artifact=path)


def _header(entity: Entity, rules: Iterable[Rule]) -> str:
    said = f"Business rules of {entity.names.nouns}."
    why = "A rule that no client's values are in is made once: making it costs more than asking it."
    return f"{said}\n\n{why}" if any(rule.is_fixed for rule in rules) else said


def _set(entity: Entity, rules: RuleSet) -> _Set:
    calls = join(", ", (fill("{}({})", _name(rule), _arguments(rule)) for rule in rules.rules))
    about = f"Return what must hold for {entity.names.a_noun} {rules.moment}."
    return _Set(
        name=identifier(rules.function),
        parameters=_parameters(rules.uses_settings, rules.typed_inputs),
        docstring=docstring(about, indent=4),
        rules=fill("({},)" if len(rules.rules) == 1 else "({})", calls),
    )


def _rule(rule: Rule) -> _Rule:
    return _Rule(
        decorators=(symbol("functools", "cache"),) if rule.is_fixed else (),
        name=_name(rule),
        parameters=_parameters(rule.value.uses_settings, rule.inputs),
        docstring=docstring(f"`{rule.value.text}`.", indent=4),
        aliases=declared(rule.value.aliases),
        condition=rule.value.code,
        error=error(rule.error_type),
        fixed=rule.is_fixed,
    )


def _name(rule: Rule) -> Code:
    return fill("_{}", identifier(rule.function.removeprefix("_")))


def _parameters(settings: bool, inputs: Iterable[Input]) -> Code:
    parts = []
    if settings:
        parts.append(fill("settings: {}", symbol("app.core.settings", "Settings")))
    named = [fill("{}: {}", attribute(each.name), each.type) for each in inputs]
    return join(", ", (*parts, *((Code("*"), *named) if named else ())))


def _arguments(rule: Rule) -> Code:
    names = (attribute(each.name) for each in rule.inputs)
    settings = (Code("settings"),) if rule.value.uses_settings else ()
    return join(", ", (*settings, *(fill("{}={}", name, name) for name in names)))
