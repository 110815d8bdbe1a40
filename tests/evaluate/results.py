"""What a run of the evaluation found, as values: one row per set and measure, with the systems beside ours."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.evaluate.metrics import Interval

EMBEDDED = "embedded"
MODEL = "model, recorded"


@dataclass(frozen=True)
class Beside:
    """Another system on the same cases: its mean, and ours minus it with a 95 % interval.

    `listed` systems did not run here: their means stand in the development data, so nothing can be paired.
    """

    value: float
    gap: Interval
    listed: bool = False


@dataclass(frozen=True)
class Row:
    """Our mean on one set in one measure (0 to 1), its deviation over input orders, and the others."""

    set: str
    measure: str
    engine: str
    cases: int
    value: float
    sd: float | None = None
    beside: dict[str, Beside] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True)
class Grounding:
    """What must be 1 on every set, and what the checker that shares no code with the engine had to say."""

    set: str
    engine: str
    harvests: int
    points: int
    quotes: int
    verbatim: float
    valid: float
    supported: float
    listed: float
    placed: float
    problems: int


@dataclass(frozen=True)
class Results:
    """One whole run. `left_out` says in words what is missing, empty for a whole one; `remarks` are to be read."""

    engine: str
    rows: tuple[Row, ...]
    grounding: tuple[Grounding, ...]
    seconds: float
    left_out: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    def row(self, set_: str, measure: str, engine: str = EMBEDDED) -> Row:
        """The one row; KeyError when the run did not make it."""
        for row in self.rows:
            if (row.set, row.measure, row.engine) == (set_, measure, engine):
                return row
        raise KeyError((set_, measure, engine))
