"""Reads the settings, and tells everything that is wrong with them at once."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from pydantic import SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from app.core.settings import Settings


class ConfigurationError(Exception):
    """The environment does not configure the service.

    Attributes:
        faults: One line for each faulty variable; no values.
    """

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(["The configuration is not valid:", *self.faults]))


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingRow:
    """One setting, as the table of settings shows it."""

    variable: str
    type: str
    default: str
    description: str


def load_settings() -> Settings:
    """Return the settings from the environment and the file `.env`.

    Raises:
        ConfigurationError: Naming every faulty variable.
    """
    try:
        return Settings()
    except ValidationError as error:
        faults = sorted(_fault(each) for each in error.errors(include_input=False))
        raise ConfigurationError(faults) from None
    except ValueError as error:
        # The settings source refuses a value that is not the JSON it must be.
        raise ConfigurationError([str(error)]) from None


def describe_settings() -> list[SettingRow]:
    """Return every setting with its type, default and meaning."""
    return [_row(name, field) for name, field in Settings.model_fields.items()]


def example_environment() -> str:
    """Return the text of a `.env` file with every setting at its default."""
    return "\n".join(_example(name, field) for name, field in Settings.model_fields.items())


def _example(name: str, field: FieldInfo) -> str:
    if field.is_required():
        return f"# {field.description} Required.\n{name.upper()}=\n"
    return f"# {field.description}\n# {name.upper()}={_default(field)}\n"


def _fault(error: Any) -> str:
    text = str(error["msg"]).removeprefix("Value error, ")
    if not error["loc"]:
        return f"  {text}"
    variable = str(error["loc"][0]).upper()
    return f"  {variable}: {'is required' if error['type'] == 'missing' else text}"


def _row(name: str, field: FieldInfo) -> SettingRow:
    return SettingRow(
        variable=name.upper(),
        type=_type_name(field),
        default=_default(field),
        description=field.description or "",
    )


def _type_name(field: FieldInfo) -> str:
    kind = field.annotation
    text = kind.__name__ if isinstance(kind, type) else str(kind)
    return text.replace("pydantic.types.", "").replace("typing.", "")


def _default(field: FieldInfo) -> str:
    match field.default:
        case value if value is PydanticUndefined:
            return "(required)"
        case SecretStr() as value:
            return value.get_secret_value()
        case None:
            return ""
        case timedelta() as value:
            return f"{round(value.total_seconds())}s"
        case tuple() as value:
            return json.dumps(value)
        case value:
            return str(value)
