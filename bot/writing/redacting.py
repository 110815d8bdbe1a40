"""What a language model does not get to read: names, numbers, addresses and links become placeholders before sending.

Two steps that know nothing of each other: `Redactor` replaces, `residue` looks at what is left and refuses. What it
refuses is not sent at all. Which placeholder stands for what exists in memory only, as long as one request takes.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from random import Random

from bot.harvest.stopwords import STOP
from bot.privacy import Kind, find, fold, keys_of, name_spans
from bot.privacy.plain import plain

IsName = Callable[[str, bool], bool]
"""Gets one to four folded words, and whether the first has a capital; says whether that is somebody's name."""

_WORDS: Mapping[str, Mapping[str, str]] = {
    "nl": {
        "person": "persoon", "email": "e-mail", "phone": "telefoon", "address": "adres", "citizen_number": "nummer",
        "birth": "datum", "number": "nummer", "link": "link", "mention": "vermelding", "code": "code",
    },
    "en": {
        "person": "person", "email": "e-mail", "phone": "phone", "address": "address", "citizen_number": "number",
        "birth": "date", "number": "number", "link": "link", "mention": "mention", "code": "code",
    },
}  # fmt: skip
PLACEHOLDER = re.compile(
    rf"\[(?:{'|'.join(sorted({word for words in _WORDS.values() for word in words.values()}))}) \d{{1,4}}\]"
)

_MENTION = re.compile(r"<[@#!][^<>\s]{0,80}>?|(?<![\w.])@[\w][\w.\-]{1,60}")
_LINK = re.compile(r"(?:[a-z][a-z0-9+.\-]{1,12}://|www\.|mailto:)[^\s<>|]{1,500}", re.IGNORECASE)
_DOMAIN = re.compile(
    r"\b(?:[\w\-]{1,63}\.){1,4}(?:nl|com|org|net|eu|be|de|uk|io|ai|co|info|example|test|invalid)\b(?:/[^\s<>|]{0,500})?",
    re.IGNORECASE,
)
_STREET = re.compile(
    r"\b[A-Z][\w'\-]{2,30}(?:straat|laan|weg|plein|kade|gracht|dijk|singel|hof|pad|dreef|steeg|plantsoen|markt)"
    r" \d{1,5}(?:[ \-]?[a-zA-Z]{1,2}\b)?"
)
_POSTCODE = re.compile(r"\b[1-9]\d{3} ?[A-Z]{2}\b")
_BANK = re.compile(r"\b[A-Z]{2}\d{2}(?:[ .\-]?[A-Z0-9]{4}){2,7}(?:[ .\-]?[A-Z0-9]{1,4})?\b")
_PLATE = re.compile(r"\b(?:[A-Z]{1,3}|\d{1,3})-(?:[A-Z]{2,3}|\d{2,3})-(?:[A-Z]{1,2}|\d{1,2})\b")
_DATE = re.compile(r"\b\d{1,2}[-/. ]\d{1,2}[-/. ](?:19|20)\d\d\b|\b(?:19|20)\d\d-\d{2}-\d{2}\b")
_YEARS = re.compile(r"(?<!\d)((?:19|20)\d\d ?[-/] ?(?:19|20)\d\d)(?!\d)")
"""A school year: eight digits that belong to nobody."""
_LONG_NUMBER = re.compile(r"\d(?:[^\w\n]{0,2}\d){6,40}")
_CODE = re.compile(
    r"(?<![\w+/=\-])(?:(?=[\w+/\-]{0,80}\d)(?=[\w+/\-]{0,80}[A-Za-z])[\w+/\-]{20,}={0,2}|[A-Za-z0-9+/]{11,}={1,2}"
    r"|(?=(?:[A-Za-z0-9+/]{0,40}?[a-z][A-Z]){3})[A-Za-z0-9+/]{16,}={0,2})"
)
_SHAPES = (
    ("link", _DOMAIN),
    ("address", _POSTCODE),
    ("number", _PLATE),
    ("birth", _DATE),
    ("number", _LONG_NUMBER),
    ("code", _CODE),
)
LOOKALIKES = str.maketrans(
    "абвсԁеһіјкӏмոоԛрѕтυνхузАВСЕНІЈКМОРЅТХУΑΒΕΖΗΙΚΜΝΟΡΤΥΧαεικνορτυχɑɡıⅼ",
    "abbcdehijklmnoqpstuvxy3ABCEHIJKMOPSTXYABEZHIKMNOPTYXaeiknoptyxagil",
)
"""Letters of other alphabets that look like ours: a name written with one is still that name."""
_SPACED = re.compile(r"(?<!\w)\w(?:[ .\-_*]\w){2,}(?!\w)")


def known_names(names: Iterable[str]) -> IsName:
    """Return what recognises these people by whole, first or last name, in any case.

    Names of two letters, and those that are a small word as well ("Wil"), only with a capital.
    """
    found: dict[str, bool] = {}
    for name in names:
        for key in keys_of(name):
            capital = key.capital or key.words in STOP  # somebody called Wil is not meant by a small "wil"
            found[key.words] = capital and found.get(key.words, True)
        for part in name.split():
            if len(fold(part)) == 2 and part.isalpha() and part[0].isupper() and fold(part) not in STOP:
                found.setdefault(fold(part), True)
    return lambda words, capital: words in found and (capital or not found[words])


class Redactor:
    """Replaces what must not be sent, over all texts of one request: the same person has the same placeholder in each.

    The numbers are drawn anew for every request, so that nobody can follow a person from one request to the next.
    """

    def __init__(self, is_name: IsName, language: str, random: Random) -> None:
        self._is_name = is_name
        self._words = _WORDS.get(language, _WORDS["en"])
        self._random = random
        self._marks: dict[tuple[str, str], str] = {}
        self.originals: dict[str, str] = {}
        """What each placeholder stands for. Never stored, logged or sent."""

    def __call__(self, text: str) -> str:
        """Return the text as it may be read: without what does not show, and with placeholders."""
        read = plain(text).text
        read = self._replaced("mention", _MENTION, read)
        read = self._replaced("link", _LINK, read)
        read = self._replaced("number", _BANK, read)
        read = self._replaced("address", _STREET, read)
        for found in reversed(find(read)):
            mark = self._mark(found.kind.value, read[found.start : found.end])
            read = f"{read[: found.start]}{mark}{read[found.end :]}"
        parts = _YEARS.split(read)  # every second part is a school year
        for kind, pattern in _SHAPES:
            parts[::2] = [self._replaced(kind, pattern, part) for part in parts[::2]]
        read = "".join(parts)
        for start, end in reversed(name_spans(read, self._is_name)):
            if not _inside_placeholder(read, start):
                read = f"{read[:start]}{self._mark('person', read[start:end])}{read[end:]}"
        return read

    def restored(self, text: str) -> str:
        """Return a text with every placeholder of this request written out again; for the eyes of who may read it."""
        return PLACEHOLDER.sub(lambda match: self.originals.get(match.group(), match.group()), text)

    def _replaced(self, kind: str, pattern: re.Pattern[str], text: str) -> str:
        return pattern.sub(lambda match: self._mark(kind, match.group()), text)

    def _mark(self, kind: str, said: str) -> str:
        key = kind, fold(said)
        if key not in self._marks:
            word = self._words[kind]
            number = self._random.randint(1, 99)
            while f"[{word} {number}]" in self.originals:
                number = self._random.randint(1, 9999)
            self._marks[key] = f"[{word} {number}]"
            self.originals[self._marks[key]] = said
        return self._marks[key]


def residue(text: str, is_name: IsName) -> str | None:
    """Return why a text that was redacted must not be sent all the same, in one word; None when it may.

    Looks again in another way: also at letters of other alphabets and at words with a blank between their letters.
    """
    read = _YEARS.sub("-", PLACEHOLDER.sub(" ", plain(text).text))
    looks = read.translate(LOOKALIKES)
    close = _SPACED.sub(lambda match: re.sub(r"[ .\-_*]", "", match.group()), looks)
    for seen in dict.fromkeys((read, looks, close)):
        if _LONG_NUMBER.search(seen):
            return "number"
        if "@" in seen or re.search(r"<\s*[@#!]", seen):
            return "mention"
        if "://" in seen or re.search(r"\bwww\.", seen, re.IGNORECASE):
            return "link"
        if any(found.kind is not Kind.BIRTH for found in find(seen)):
            return "number"
        if name_spans(seen, is_name):
            return "name"
    return None


def _inside_placeholder(text: str, at: int) -> bool:
    return any(match.start() <= at < match.end() for match in PLACEHOLDER.finditer(text))
