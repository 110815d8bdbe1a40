"""What every model offers: one question, one checked answer, or one failure with its reason."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from pydantic import BaseModel

from bot.writing import Failure, Usage

T = TypeVar("T")


class ModelFailed(Exception):
    """A model gave nothing that can be used. Carries the reason for the audit trail and what it cost, never a text."""

    def __init__(self, reason: Failure, usage: Usage = Usage()) -> None:  # noqa: B008 - a frozen value
        """Keep the reason and the cost."""
        super().__init__(reason.value)
        self.reason = reason
        self.usage = usage


@dataclass(frozen=True)
class Step(Generic[T]):
    """A kind of question: what the model is told, the shape it must answer in, and how that becomes a value of ours.

    `name` and `version` (prompt text and schema together) belong in the key of whatever is kept of the answer.
    `longest` is the most tokens an answer may take.
    """

    name: str
    version: str
    instructions: str
    shape: type[BaseModel]
    read: Callable[[Any], T]
    longest: int


@dataclass(frozen=True)
class Answer(Generic[T]):
    """What came back, checked, with what it cost, which model said it, and the endpoint's fingerprint if it has one."""

    value: T
    usage: Usage
    model: str
    fingerprint: str | None = None


class Model(Protocol):
    """A door to a language model, or none at all: then every question fails with `Failure.OFF`, and nothing is sent."""

    @property
    def name(self) -> str:
        """Return the id of the model, empty when there is none."""
        ...

    @property
    def is_on(self) -> bool:
        """Tell whether a question may be sent at all."""
        ...

    def estimate(self, text: str) -> int:
        """Return how many tokens a text will take, as this model was seen to count."""
        ...

    async def ask(self, step: Step[T], request: str) -> Answer[T]:
        """Put one question: at most two calls and thirty seconds. Raises ModelFailed, and nothing else."""
        ...
