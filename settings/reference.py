"""The reference page of all settings, made from the settings themselves."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from settings.models import PREFIX, Settings

_HEAD = """# Settings

Every setting, once. This page is written by `python -m settings > docs/reference/settings.md`.

A value is looked for in the environment first, then in the addresses that a running embedded
stack wrote to `stack.env` in the data folder, then it is the default.

"""


def settings_page() -> str:
    """Return the page."""
    parts = [_HEAD, "## General\n\n", _table(Settings, PREFIX)]
    for name, field in Settings.model_fields.items():
        section = field.annotation
        if isinstance(section, type) and issubclass(section, BaseModel):
            title = (section.__doc__ or name).strip()
            parts += [f"\n## {title}\n\n", _table(section, f"{PREFIX}{name.upper()}__")]
    return "".join(parts)


def _table(model: type[BaseModel], prefix: str) -> str:
    rows = ["| variable | default | what it is |\n|---|---|---|\n"]
    rows += list(_rows(model, prefix))
    return "".join(rows)


def _rows(model: type[BaseModel], prefix: str) -> Iterator[str]:
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            continue
        description = (field.description or "").replace("|", "\\|")
        yield f"| `{prefix}{name.upper()}` | {_default(field)} | {description} |\n"


def _default(field: FieldInfo) -> str:
    if field.default_factory is not None:
        # Computed ones differ from machine to machine: say so, instead of this one's value.
        return "`[]`" if field.default_factory is list else "the number of cores"
    return "" if field.default is None else f"`{field.default}`"
