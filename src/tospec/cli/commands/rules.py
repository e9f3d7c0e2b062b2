"""`tospec rules`."""

from typing import Annotated

import typer

from tospec import pipeline
from tospec.cli import terminal
from tospec.cli.arguments import Format, FormatOption
from tospec.cli.exits import Exit
from tospec.diagnostics import nearest
from tospec.errors import UsageError


def rules(
    code: Annotated[
        str | None, typer.Argument(metavar="[CODE]", help="Explain this rule, such as TS0401.")
    ] = None,
    format: FormatOption = Format.TEXT,  # noqa: A002 - the option's name
) -> int:
    """List the rules of assessment, or explain one."""
    every = pipeline.rules()
    chosen = every if code is None else (_find(code, every),)
    if format is Format.JSON:
        terminal.data([_as_data(rule) for rule in chosen])
    elif code is None:
        terminal.result("\n".join(_line(rule) for rule in chosen))
    else:
        terminal.result(_explanation(chosen[0]))
    return Exit.COMPLETE


def _find(code: str, every: tuple[pipeline.Rule, ...]) -> pipeline.Rule:
    for rule in every:
        if code.upper() == rule.code or code == rule.name:
            return rule
    message = f"There is no rule '{code}'."
    known = [name for rule in every for name in (rule.code, rule.name)]
    raise UsageError(message, nearest(code, known) or "'tospec rules' lists them.")


def _line(rule: pipeline.Rule) -> str:
    weight = "question" if rule.blocking else "advice"
    return f"{rule.code}  {weight:8}  {rule.domain:12}  {rule.name}: {_summary(rule)}"


def _summary(rule: pipeline.Rule) -> str:
    return rule.documentation.partition("\n")[0]


def _explanation(rule: pipeline.Rule) -> str:
    facts = {
        "weight": "question" if rule.blocking else "advice",
        "domain": rule.domain,
        "blocker": rule.blocker,
        "convention": rule.convention or "none",
    }
    table = (f"{name:11} {value}" for name, value in facts.items())
    return "\n".join([f"{rule.code} {rule.name}", *table, "", rule.documentation])


def _as_data(rule: pipeline.Rule) -> dict[str, object]:
    return {
        "code": rule.code,
        "name": rule.name,
        "domain": rule.domain,
        "blocker": rule.blocker,
        "blocking": rule.blocking,
        "answered_by_decision": rule.answerable,
        "convention": rule.convention or None,
        "documentation": rule.documentation,
    }
