"""What is wrong with what somebody typed, in a form that every door can put into words."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing to repair: the field it belongs to, the key of the sentence that says how, and its blanks."""

    field: str
    key: str
    values: Mapping[str, object] = dataclasses.field(default_factory=dict)


class Refused(Exception):
    """What somebody asked cannot be done; `key` names the sentence that says why and what to do instead."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values
