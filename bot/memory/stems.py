"""What a word counts as in a search: folded, without the endings of Dutch and English, however it was spelt double.

Lighter than a full stemmer on purpose: what two words share here they share in meaning nearly always, and a word that
is read wrong is read wrong the same way in the question and in the note.
"""

import re
from functools import lru_cache

from bot.harvest.stopwords import STOP
from bot.harvest.words import folded

_DOUBLE = re.compile(r"([a-z])\1+")
_ENDINGS = ("heden", "tjes", "tje", "jes", "je", "ingen", "nissen", "eren", "en", "s", "e")
_RENAMED = {"heden": "heid", "ingen": "ing", "nissen": "nis"}
_SHORTEST = 3
_FRAME_WORDS = """
weten weet iemand iets vertel vertellen zoek zoeken vind kent ken kennen bekend ervaring ervaringen ervaren leren
geleerd lezen hoor horen gehoord zegt gezegd besproken bespraken sprak spraken informatie uitleg betekent betekenis
know knows anybody anyone experience experiences tell find search heard learned learnt explain meaning
oogst hallo hoi dag alsjeblieft aub please bedankt dank thanks help
doen doet deden gedaan lukt lukte werkt loopt zit staan staat gaat komt welk welke wat wie waar waarom wanneer
"""
_FRAME = frozenset(_FRAME_WORDS.split())
"""Words with which people ask, and that say nothing of what they ask about."""


@lru_cache(maxsize=131072)
def stem(word: str) -> str:
    """Return what a folded word counts as: "scholen" and "school", "gemeenten" and "gemeente" are one."""
    if word.isdigit() or len(word) <= _SHORTEST:
        return word
    low = word
    for ending in _ENDINGS:
        if low.endswith(ending) and len(low) - len(ending) >= _SHORTEST:
            low = low[: -len(ending)] + _RENAMED.get(ending, "")
            break
    low = _DOUBLE.sub(r"\1", low)
    if len(low) > 4 and low[-1] in "td":
        low = low[:-1]
    if low[-1:] == "v":
        low = low[:-1] + "f"
    elif low[-1:] == "z":
        low = low[:-1] + "s"
    return low


def content_words(question: str) -> list[str]:
    """Return the folded words of a question that say what it is about, in order, each once."""
    found = [word for word in folded(question).split() if word not in _FRAME]
    kept = [word for word in found if word not in STOP and (len(word) > 1 or word.isdigit())]
    return list(dict.fromkeys(kept))
