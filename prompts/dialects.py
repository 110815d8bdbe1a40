"""What an endpoint was found to understand: servers that call themselves compatible differ, and say so only when asked.

A question is first put in the strictest form. What an endpoint refuses is left out the next time.
"""

import copy
import json
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from pydantic import BaseModel

from prompts.asking import Step

SEED = 1


class Form(StrEnum):
    """How an endpoint is held to a shape, the strictest first."""

    SCHEMA = "json_schema"
    OBJECT = "json_object"
    PLAIN = "text"


_LOOSER = {Form.SCHEMA: Form.OBJECT, Form.OBJECT: Form.PLAIN}


@dataclass(frozen=True)
class Dialect:
    """How to speak to an endpoint. `describes` says that the shape is written out in the instructions as well."""

    form: Form = Form.SCHEMA
    describes: bool = False
    temperature: bool = True
    seed: bool = True
    newer_limit: bool = False
    """Whether the longest answer is called `max_completion_tokens`, as newer models of OpenAI want it."""

    def understood(self, told: str) -> "Dialect | None":
        """Return a simpler way to ask after a refusal, by the field that it names; None when there is none simpler."""
        told = told.lower()
        if "max_completion_tokens" in told and not self.newer_limit and "max_tokens" in told:
            return replace(self, newer_limit=True)
        if "max_completion_tokens" in told and self.newer_limit:
            return replace(self, newer_limit=False)
        if "temperature" in told and self.temperature:
            return replace(self, temperature=False)
        if "seed" in told and self.seed:
            return replace(self, seed=False)
        if self.form in _LOOSER:
            return replace(self, form=_LOOSER[self.form], describes=True)
        return None

    def body(self, step: Step[Any], request: str, hint: str = "") -> dict[str, Any]:
        """Return the fields of a chat completion; `hint` says what was wrong with an earlier answer."""
        schema = strict_schema(step.shape)
        instructions = step.instructions
        if self.describes:
            packed = json.dumps(schema, ensure_ascii=False, separators=(",", ":"))
            instructions += f"\n\nThe asked form is one JSON object that fits this JSON Schema:\n{packed}"
        if hint:
            instructions += f"\n\nAn earlier answer was not accepted: {hint}. Keep to the form exactly."
        fields: dict[str, Any] = {
            "messages": [{"role": "system", "content": instructions}, {"role": "user", "content": request}],
            "max_completion_tokens" if self.newer_limit else "max_tokens": step.longest,
        }
        if self.form is Form.SCHEMA:
            named = {"name": step.name, "schema": schema, "strict": True}
            fields["response_format"] = {"type": "json_schema", "json_schema": named}
        elif self.form is Form.OBJECT:
            fields["response_format"] = {"type": "json_object"}
        if self.temperature:
            fields["temperature"] = 0
        if self.seed:
            fields["seed"] = SEED
        return fields


def strict_schema(shape: type[BaseModel]) -> dict[str, Any]:
    """Return the JSON Schema of a shape as strict modes want it: one choice is a list of one, and no titles."""
    schema: dict[str, Any] = copy.deepcopy(shape.model_json_schema())
    _simplify(schema)
    return schema


def _simplify(part: Any) -> None:
    if isinstance(part, list):
        for one in part:
            _simplify(one)
    elif isinstance(part, dict):
        if isinstance(part.get("title"), str):
            del part["title"]
        if "const" in part:
            part["enum"] = [part.pop("const")]
        if part.get("minItems") == 0:
            del part["minItems"]
        for one in part.values():
            _simplify(one)
