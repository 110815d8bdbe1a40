"""Words in a note that are meant for a language model and not for people. They are pointed out, never left out.

A list of patterns finds what it knows and no more; what protects is that a model can only name ids and that its claims
are checked. So a coordinator gets to see what was found, and a claim may not rest on it.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from bot.privacy.plain import plain
from bot.writing.redacting import LOOKALIKES

_TOGETHER = (
    ("negeer vergeet wis overschrijf", 60, "vorige voorgaande bovenstaande eerder alles? opdracht instructies? regels"),
    ("ignore disregard forget override bypass", 60, "previous prior above earlier all instructions? rules prompt"),
    ("doe gedraag speel", 3, "alsof (?:je|jij|u) als een? de.rol"),
    ("act pretend", 3, "as.(?:if|you) as.an.ai to.be (?:that.)?you"),
    ("nieuwe extra geheime bijgewerkte new updated secret", 3, "instructies? opdracht(?:en)? instructions? orders?"),
    ("taalmodel language.model llm chatgpt gpt ai.?model ai.assistent ai.assistant", 80,
     "moet schrijf plaats noem antwoord stuur zet must write post name answer send put should"),
    ("antwoord reageer respond answer reply output", 25, "alleen uitsluitend enkel only solely just exactly"),
    ("noem geef toon list name show reveal print give", 30,
     "alle.(?:echte.)?namen (?:echte|volledige).namen all.(?:the.)?(?:real.)?names real.names full.names"
     " alle.deelnemers alle.e-?mail all.participants all.e-?mail every.name every.person"),
    ("herhaal repeat print toon show reveal onthul kopieer copy", 40,
     "prompt instructies? instructions? hierboven verbatim sleutel api.?key secret"),
    ("plaats post stuur zet verstuur send publish publiceer deel share schrijf write voeg add include vermeld tag",
     60, "<[@#!] @(?:channel|here|everyone|kanaal) https?://"),
    ("verzwijg verberg schrap hide omit suppress leave.out laat", 40,
     "(?:de.)?andere.(?:groepen|regio'?s|notities|thema'?s) (?:the.)?other.(?:groups|regions|notes|themes) weg.uit"),
    ("verander wijzig hernoem vervang change rename replace rewrite herschrijf", 40,
     "(?:alle|de|het|elk|all|the|every).(?:thema'?s?|citat?en|citaat|quotes?|themes?) betekenis meaning"),
    ("citeer gebruik cite use", 40,
     "(?:zin|id|notitie|sentence|note).{0,30}(?:andere.regio|another.region|other.region) se_\\w+ n\\d+\\.s\\d+"),
    ("onthoud remember bewaar", 40, "volgende.(?:notitie|deel|bericht) next.(?:note|part|message) deel.\\d part.\\d"),
    ("plak combineer combine join concatenate voeg", 50,
     "delen parts stukken pieces (?:deze|drie|these|three).(?:notities|notes)"),
    ("markeer beoordeel mark judge rate label", 40, "supported waar juist correct true bewezen"),
)  # fmt: skip
"""Words of the first list, and within so many characters one of the second; a point stands for any one character."""
_ALONE = (
    r"\b(?:je|jij|u) bent (?:nu|vanaf nu|voortaan)\b|\bvanaf nu (?:ben|reageer|antwoord|schrijf)",
    r"\byou are (?:now|no longer)\b|\bfrom now on\b.{0,30}\b(?:you|answer|respond|act|write)\b",
    r"\brole-?play|\brollenspel met\b|\bstel je voor dat je een\b",
    r"(?:^|[\s\"'>\]*#])(?:systee?m|system prompt|assistant|assistent|developer|ontwikkelaar|admin|user)\s?(?::|\]|>)",
    r"\b(?:systeem|system)[ -]?(?:prompt|bericht|message|opdracht|instructie|melding|override)",
    r"\b(?:developer|debug|god|dan|admin|beheerders?|onderhouds)[ -](?:mode|modus)\b|\bjailbreak|\bdo anything now\b",
    r"\b(?:decodeer|decode)\b|\bbase64\b|\brot13\b",
    r"</?\s*(?:notes?|notities?|system|instructions?|data|user|assistant|prompt|zin|sentence|json|material)\b[^>]{0,40}>",
    r"\[/?INST\]|<\|[^|]{0,30}\|>|```|(?<!-)-{3,}\s?(?:end|einde|begin|start)\b",
    r"\"(?:role|cards|claims|lead|evidence|note_id|sentence_ids|verdict)\"\s?:",
    r"\b(?:deel|part) [123] (?:van|of) (?:3|drie|three)\b",
)


def _pattern(first: str, gap: int, second: str) -> str:
    one, other = ("|".join(words.split()) for words in (first, second))
    return rf"\b(?:{one})\b.{{0,{gap}}}?(?<!\w)(?:{other})"


_ORDERS = tuple(
    re.compile(pattern, re.IGNORECASE | re.DOTALL) for pattern in (*_ALONE, *(_pattern(*rule) for rule in _TOGETHER))
)
_ADDRESSED = re.compile(r"<[!@#][^\s>]{0,60}>?|(?<!\w)@(?:channel|here|everyone|kanaal)\b", re.IGNORECASE)
_PACKED = re.compile(
    r"(?<![\w+/=])[A-Za-z0-9+/]{16,}={1,2}(?![\w=])|(?<![\w+/=])(?=\w*[a-z][A-Z]\w*[a-z][A-Z])(?=\w*\d)\w{20,}(?!\w)"
)
_LEADS_OUT = re.compile(
    r"(?:https?://|www\.|mailto:)\S{0,200}[?&=]|!\[[^\]]{0,80}\]\(|\[[^\]]{1,80}\]\(\s*https?:", re.IGNORECASE
)
PIECES = 3
"""Notes in a row that are read together."""
_HIDDEN = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def suspicious(text: str) -> str | None:
    """Return in one word why a text looks meant for a language model; None when it does not.

    `order`, `address` (a mention of everybody), `packed` (letters that hide a text), `link` (one that carries data
    out), `hidden` (characters that do not show, or turn the text), `alphabet` (letters that only look like ours).
    """
    read = plain(text).text
    if any(pattern.search(seen) for seen in dict.fromkeys((read, read.translate(LOOKALIKES))) for pattern in _ORDERS):
        return "order"
    if _ADDRESSED.search(read):
        return "address"
    if _PACKED.search(read):
        return "packed"
    if _LEADS_OUT.search(read):
        return "link"
    if sum(letter in _HIDDEN or 0xE0000 <= ord(letter) <= 0xE007F for letter in text) > 1:
        return "hidden"
    if any(_mixed(word) for word in re.findall(r"[^\W\d_]{3,}", read)):
        return "alphabet"
    return None


def _mixed(word: str) -> bool:
    if word.isascii():
        return False
    scripts = {unicodedata.name(letter, "").partition(" ")[0] for letter in word}
    return "LATIN" in scripts and bool(scripts & {"CYRILLIC", "GREEK", "ARMENIAN"})


def suspects(notes: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return the notes (id to texts) with words meant for a language model, each with why.

    An order that was cut in pieces over notes that follow each other is found by reading them together.
    """
    found = {note: why for note, texts in notes.items() for text in texts if (why := suspicious(text)) is not None}
    alone = set(found)
    lines = [(note, text) for note, texts in notes.items() for text in texts]
    for at in range(len(lines) - 1):
        some = [line for line in lines[at : at + PIECES] if line[0] not in alone]
        if len({note for note, _ in some}) > 1 and suspicious(" ".join(text for _, text in some)) is not None:
            found |= {note: "pieces" for note, _ in some}
    return found
