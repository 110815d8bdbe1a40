"""The values of an introduction: which question met which answer, who was asked, and what they said. All frozen."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Basis(StrEnum):
    """What an introduction rests on: two published `sentences`, or two entries of the `trail`."""

    SENTENCES = "sentences"
    TRAIL = "trail"


class State(StrEnum):
    """How far an introduction is.

    `proposed` waits in the digest of the region that asks, `asked` for the other side. Of `declined` only the other
    side knows until the deadline, when it is `closed` like one that nobody answered. `taken_back` is by who asked,
    `gone` when words or people it rests on are gone.
    """

    PROPOSED = "proposed"
    ASKED = "asked"
    DECLINED = "declined"
    MET = "met"
    CLOSED = "closed"
    TAKEN_BACK = "taken_back"
    GONE = "gone"


@dataclass(frozen=True)
class Introduction:
    """An open question of one region and what another said that may help, by ids: of published sentences and their
    impressions, or of two entries of the trail, which stand for themselves in both places.

    `starter` is who pressed for the region that asks, `answerer` who is asked in the other. `refused` says that one of
    the two did not want it, and stays when the state moves on: the same is not proposed again.
    """

    id: str
    team: str
    question: str
    question_impression: str
    answer: str
    answer_impression: str
    asking_region: str
    answering_region: str
    theme: str | None
    score: float
    proposed_at: datetime
    state: State = State.PROPOSED
    starter: str | None = None
    answerer: str | None = None
    deadline: datetime | None = None
    refused: bool = False
    basis: Basis = Basis.SENTENCES
