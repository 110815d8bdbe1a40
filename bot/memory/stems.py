"""What a word counts as in a search: folded, without the endings of Dutch and English, however it was spelt double.

Lighter than a full stemmer on purpose: what two words share here they share in meaning nearly always, and a word that
is read wrong is read wrong the same way in the question and in the note.
"""

import re
from functools import lru_cache

from bot.harvest.stopwords import STOP
from bot.harvest.words import folded

_DOUBLE = re.compile(r"([a-z])\1+")
_ENDINGS = ("heden", "ingen", "nissen", "tje", "ing", "je", "en", "e")
_RENAMED = {"heden": "heid", "nissen": "nis"}
_ODD = {"kinderen": "kind", "kinders": "kind", "eieren": "ei", "steden": "stad", "leden": "lid", "children": "child"}
_SHORTEST = 3
_FRAME_WORDS = """
weten weet iemand iets vertel vertellen zoek zoeken vind kent ken kennen bekend ervaring ervaringen ervaren leren
geleerd lezen hoor horen gehoord zegt gezegd besproken bespraken sprak spraken informatie uitleg betekent betekenis
know knows anybody anyone experience experiences tell find search heard learned learnt explain meaning
oogst hallo hoi dag alsjeblieft aub please bedankt dank thanks help
telt tellen tel bestaat biedt bieden aanbieden aanbod offer offers offering count
doen doet deden gedaan lukt lukte werkt loopt zit staan staat gaat komt welk welke wat wie waar waarom wanneer
"""
_FRAME = frozenset(_FRAME_WORDS.split())
"""Words with which people ask, and that say nothing of what they ask about."""
_TELLING_WORDS = """
groep groepen regio regios mensen deelnemers begeleiders anderen vertelden verteld vonden vinden zeiden noemen noemden
group groups region regions people participants others
"""
_TELLERS = frozenset(_TELLING_WORDS.split())
"""Who tells, and that they do: "wat zeggen groepen over ..." asks about what follows, not about groups."""


@lru_cache(maxsize=131072)
def stem(word: str) -> str:
    """Return what a folded word counts as: "scholen" and "school", "gemeenten" and "gemeente" are one."""
    if word.isdigit() or len(word) <= _SHORTEST:
        return word
    low = _without_s(_ODD.get(word, word))
    for ending in _ENDINGS:
        least = _SHORTEST + 1 if ending in ("ing", "ingen") else _SHORTEST
        if low.endswith(ending) and len(low) - len(ending) >= least:
            low = _without_s(low[: -len(ending)] + _RENAMED.get(ending, ""))
            break
    low = _DOUBLE.sub(r"\1", low)
    if len(low) > _SHORTEST and low[-1] in "td":
        low = low[:-2] if low.endswith("dt") else low[:-1]
    if low[-1:] == "v":
        low = low[:-1] + "f"
    elif low[-1:] == "z":
        low = low[:-1] + "s"
    return low


def _without_s(word: str) -> str:
    """Take the s of a plural away; behind a vowel that is written (or "ij") it belongs to the word: "klas", "huis"."""
    plural = len(word) > _SHORTEST + 1 and word[-1] == "s" and word[-2] not in "aiouyjs"
    return word[:-1] if plural else word


def content_words(question: str) -> list[str]:
    """Return the folded words of a question that say what it is about, in order, each once."""
    found = [word for word in folded(question).split() if word not in _FRAME]
    kept = [word for word in found if word not in STOP and (len(word) > 1 or word.isdigit())]
    about = [word for word in kept if word not in _TELLERS]
    return list(dict.fromkeys(about or kept))
