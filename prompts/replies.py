"""Reading what an endpoint sent back, however odd: a completion, a value of ours, or the reason why not."""

from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from bot.writing import Failure
from prompts.asking import Step

T = TypeVar("T")
MOST_HINTS = 5
LONGEST_MARK = 100


class Misshapen(Exception):
    """The words of a model do not fit; `hint` says where, in words of ours only, for a second try."""

    def __init__(self, hint: str) -> None:
        """Keep the hint."""
        super().__init__(hint)
        self.hint = hint


class _Message(BaseModel):
    content: str | None = None
    refusal: str | None = None


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class _Completion(BaseModel):
    """The part of a chat completion that we use; what else stands there is left alone."""

    choices: list[_Choice]
    usage: Any = None
    system_fingerprint: Any = None


@dataclass(frozen=True)
class Reply:
    """What a model said, or why that is nothing; tokens are None when the endpoint told none that can be believed."""

    said: str | Failure
    input_tokens: int | None = None
    output_tokens: int | None = None
    fingerprint: str | None = None


def read_completion(body: bytes) -> Reply:
    """Read the body of a chat completion, of which nothing is certain."""
    try:
        found = _Completion.model_validate_json(body)
    except ValidationError:
        return Reply(Failure.NOT_AN_ANSWER)
    mark = found.system_fingerprint
    return Reply(
        _said(found.choices[0]) if found.choices else Failure.EMPTY,
        _count(found.usage, "prompt_tokens"),
        _count(found.usage, "completion_tokens"),
        mark[:LONGEST_MARK] if isinstance(mark, str) else None,
    )


def _said(choice: _Choice) -> str | Failure:
    if choice.finish_reason == "length":
        return Failure.CUT_OFF
    if choice.finish_reason == "content_filter":
        return Failure.FILTERED
    if choice.message.refusal:
        return Failure.DECLINED
    return (choice.message.content or "").strip() or Failure.EMPTY


def read_value(step: Step[T], text: str) -> T:
    """Turn the words of a model into a value of ours. Raises Misshapen."""
    try:
        return step.read(step.shape.model_validate_json(_bare(text)))
    except ValidationError as error:
        raise Misshapen(_hint(error, step.shape)) from None


def _bare(text: str) -> str:
    """Take off a Markdown fence around the whole; JSON inside other words is no answer."""
    if text.startswith("```") and text.endswith("```") and "\n" in text:
        return text[text.index("\n") : -3]
    return text


def _hint(error: ValidationError, shape: type[BaseModel]) -> str:
    """Say what is wrong without repeating a word of the model: numbers and fields that the shape itself has."""
    fields = _fields(shape.model_json_schema())
    lines = []
    for found in error.errors(include_url=False, include_context=False, include_input=False)[:MOST_HINTS]:
        place = ".".join(str(part) for part in found["loc"] if isinstance(part, int) or part in fields)
        lines.append(f"{found['type']} at {place or 'the top'}")
    return "; ".join(lines)


def _fields(schema: dict[str, Any]) -> set[str]:
    parts = [schema, *schema.get("$defs", {}).values()]
    return {name for part in parts for name in part.get("properties", {})}


def _count(usage: Any, name: str) -> int | None:
    count = usage.get(name) if isinstance(usage, dict) else None
    return count if type(count) is int and 0 < count < 10_000_000 else None
