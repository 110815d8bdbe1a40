"""A small question with people's words in it, for tests of the door: the words must not turn up anywhere else."""

from typing import Any

from bot.harvest import Theme
from bot.writing import Cards, Fence, ShownNote, ShownSentence
from prompts import requests, steps
from prompts.asking import Step

CANARY = "Sperwerkuiken"
FENCE = Fence("q7f3kz81")
NOTE = ShownNote(
    "im_1",
    (
        ShownSentence("im_1.s1", f"We spraken over {CANARY} en de opvang."),
        ShownSentence("im_1.s2", "Wie betaalt de begeleiding na schooltijd?"),
    ),
)
THEME = Theme("th_1", "Opvang na schooltijd", aliases=("bso",))
CARD: dict[str, Any] = {
    "note_id": "im_1",
    "points": [{"sentence_ids": ["im_1.s2"], "gist": "Wie betaalt is onduidelijk", "kind": "question"}],
    "themes": [{"id": "th_1", "sentence_ids": ["im_1.s1"]}],
    "proposals": [],
}


def question() -> tuple[Step[Cards], str]:
    """The step and the request for one card."""
    return steps.note_cards([NOTE], [THEME.id], FENCE, "nl"), requests.note_cards([NOTE], [THEME], FENCE)
