"""What a workspace calls its regions, put into our sentences: "deze regio" is "dit netwerk" where they are networks."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from bot.plural import plural

USUAL = ("regio", "region")
LONGEST = 20
"""Characters of a word; the same as the setting takes."""
_NEUTER = (
    "netwerk", "gebied", "district", "platform", "team", "verband", "partnerschap", "genootschap", "centrum", "lab",
    "huis", "bedrijf", "dorp", "veld", "gewest", "ium", "bestuur", "kanton", "land", "deel", "je", "kwartier", "pact",
    "cluster", "consort", "initiatief",
)  # fmt: skip
"""How words end that go with "het"; the others go with "de"."""
_ALONE = r"(?<![#{\w-])", r"(?![-\w])"
_MANY = re.compile(_ALONE[0] + r"([Rr])egio's" + _ALONE[1])
_ONE = re.compile(_ALONE[0] + r"([Rr])egio" + _ALONE[1])
_AGENDA = re.compile(_ALONE[0] + r"([Rr])egioagenda")
_BEFORE = (
    (re.compile(r"\b([Dd])e ((?:\w+ )?regio)(?![-\w'])"), {"d": "het "}),
    (re.compile(r"\b([Dd])eze (regio)(?![-\w'])"), {"d": "dit "}),
    (re.compile(r"\b([Dd])ie (regio)(?![-\w'])"), {"d": "dat "}),
    (re.compile(r"\b([Ee])lke ((?:\w+ )?regio)(?![-\w'])"), {"e": "elk "}),
    (re.compile(r"\b([Ii])edere (regio)(?![-\w'])"), {"i": "ieder "}),
    (re.compile(r"\b([Ww])elke (regio)(?![-\w'])"), {"w": "welk "}),
    (re.compile(r"\b([Oo])nze (regio)(?![-\w'])"), {"o": "ons "}),
)
_ADJECTIVE = re.compile(r"\b((?:[Ee]en|[Gg]een|elk|welk)) (ander|nieuw|eigen)e? (regio)(?![-\w'])")
_A = re.compile(r"\b([Aa]) (region)(?![-\w])")
_REGIONS = re.compile(_ALONE[0] + r"([Rr])egions" + _ALONE[1])
_REGION = re.compile(_ALONE[0] + r"([Rr])egion" + _ALONE[1])


@dataclass(frozen=True)
class Calling:
    """A workspace's own word for region, in the language of the programme ("nl" or "en")."""

    word: str
    language: str

    @cached_property
    def many(self) -> str:
        """Return the word for several."""
        return plural(self.word, self.language)

    @property
    def fits(self) -> bool:
        """Whether it is another word than ours, and nothing but letters, as the setting says."""
        return (
            self.word.casefold() not in USUAL
            and 0 < len(self.word) <= LONGEST
            and all(letter.isalpha() or letter in " -'" for letter in self.word)
        )

    def put(self, text: str, language: str) -> str:
        """Return one of our texts, in this language, with this word; what people wrote must not be in it yet.

        What stands between backticks is a command, and stays.
        """
        if "egio" not in text:
            return text
        parts = text.split("`")
        parts[::2] = [self._dutch(each) if language == "nl" else self._english(each) for each in parts[::2]]
        return "`".join(parts)

    def _dutch(self, text: str) -> str:
        text = _AGENDA.sub(lambda found: "Agenda" if found[1] == "R" else "agenda", text)
        if self.word.casefold().endswith(_NEUTER):
            for pattern, ways in _BEFORE:
                text = pattern.sub(_as_neuter(ways), text)
            text = _ADJECTIVE.sub(r"\1 \2 \3", text)
        return _ONE.sub(self._capital(self.word), _MANY.sub(self._capital(self.many), text))

    def _english(self, text: str) -> str:
        if self.word[:1].casefold() in "aeiou":
            text = _A.sub(r"\1n \2", text)
        return _REGION.sub(self._capital(self.word), _REGIONS.sub(self._capital(self.many), text))

    def _capital(self, word: str) -> Callable[[re.Match[str]], str]:
        return lambda found: word[:1].upper() + word[1:] if found[1] == "R" else word


def _as_neuter(ways: dict[str, str]) -> Callable[[re.Match[str]], str]:
    def put(found: re.Match[str]) -> str:
        way = ways[found[1].casefold()]
        return (way.capitalize() if found[1].isupper() else way) + found[2]

    return put
