"""Reads a text that somebody typed, pasted or dictated into the parts of an impression, in exactly its own words.

A label is a line of its own ("Wat ging makkelijk?", "Citaten"), or stands before its text with a colon ("Vraag: ...").
What stands under no label is what the group takes away.
"""

import re
from dataclasses import dataclass, replace

from bot.impressions.records import LONGEST, PARTS, Contents

_LABELS = {
    "takeaway": r"""
        wat n(?:am|amen|eemt|emen) (?:de |onze |jullie )?(?:groep|we|wij|jullie)(?: van(?:daag| vandaag| hier))? mee
        dit nemen (?:we|wij) mee|wat (?:we|wij) meenemen|(?:we|wij) nemen mee|meenemen|impressie|opbrengst(?:en)?
        inzicht(?:en)?|samenvatting
        what (?:did|do|does) (?:the group|your group|we|you) take (?:away|along)|we take (?:away|along)
        take-? ?aways?|impression|insights?|summary
    """,
    "easy": r"""
        (?:ge)?makkelijk|wat (?:ging|was|is|vonden we|vonden jullie)(?: er)? (?:ge)?makkelijk|wat ging(?: er)? goed
        easy|what (?:was|went|is) easy|what went well
    """,
    "hard": r"""
        moeilijk|lastig|wat (?:ging|was|is|vonden we|vonden jullie)(?: er)? (?:moeilijk|lastig)
        hard|difficult|what (?:was|is) (?:hard|difficult)
    """,
    "conclusion": r"""
        (?:onze |jullie |de )?conclusies?|wat is (?:jullie|onze|de) conclusie
        wat (?:concluderen|besluiten) (?:we|wij|jullie)
        (?:our |your |the )?conclusions?|what (?:is|was) (?:our|your|the) conclusion|what do (?:you|we) conclude
    """,
    "quote": r"citaat|citaten|quotes?|quotations?",
    "question": r"""
        (?:open |openstaande )?vra(?:ag|gen)|vra(?:ag|gen) die open ble(?:ef|ven)|welke vra(?:ag|gen) ble(?:ef|ven) open
        (?:open )?questions?|questions? that (?:stayed|stays|stay|remained|is|are) open
    """,
    "example": r"(?:goede? )?voorbeeld(?:en)?|(?:good )?examples?",
    "obstacle": r"""
        regels? die knel(?:t|len)|knellende regels?|knelpunt(?:en)?|belemmering(?:en)?
        rules? that gets? in the way|obstacles?(?: in the rules)?
    """,
    "offer": r"""
        aanbod|aanbiedingen|volgende stap(?:pen)?|vervolgstap(?:pen)?|aanbod (?:of|en) volgende stap(?:pen)?
        offers?|next steps?|offers? (?:or|and) next steps?
    """,
}
"""How people call the parts in Dutch and English; a line of the table holds several ways, apart by "|"."""


def _any_of(lines: str) -> str:
    return "|".join(line.strip() for line in lines.splitlines() if line.strip())


_NAMES = "|".join(f"(?P<{part}>{_any_of(labels)})" for part, labels in _LABELS.items())
_BEFORE = r"(?::[a-z0-9_+-]{1,40}:|\d{1,2}[.)]|[^\w\n:]){0,12}"
"""What may stand before a label: an emoji, the number of a list, a bullet, the marks of bold text."""
_HEADING = re.compile(
    rf"^{_BEFORE}(?:{_NAMES})[*_]*(?:[ \t]*(?:[:?][*_]*|[-–—](?=[ \t]))(?P<rest>.*)|[ \t]*)$", re.IGNORECASE
)
_INSIDE = re.compile(rf"(?<=[.!?;\"'”’)])[ \t]+[*_]*(?:{_NAMES})[*_]*[ \t]*:[*_]*", re.IGNORECASE)
"""A label further on in a line: only behind the end of a sentence, and with its colon."""


@dataclass
class _Stretch:
    """A piece of the text that belongs to one part. `open` says that paragraphs that follow belong to it as well."""

    part: str
    start: int
    end: int
    open: bool


def read_fields(text: str) -> Contents:
    """Return what a text says under which label, cut out of it unchanged; a text without labels is all takeaway.

    What stands below a heading belongs to it until the next label. Behind a label with its text on the same line, an
    empty line ends it. The takeaway is empty where every word stands under another label.
    """
    stretches = _stretches(text)
    if len(stretches) == 1:
        return Contents(text)
    found: dict[str, list[str]] = {}
    for each in stretches:
        words = text[each.start : each.end].strip()
        if words:
            found.setdefault(each.part, []).append(words)
    return replace(Contents(""), **{part: "\n".join(words) for part, words in found.items()})


def fits(contents: Contents) -> bool:
    """Say whether every part is short enough to be kept."""
    return all(len(str(getattr(contents, part))) <= LONGEST for part in PARTS)


def _stretches(text: str) -> list[_Stretch]:
    found = [_Stretch("takeaway", 0, 0, open=True)]
    at = 0
    for line in text.splitlines(keepends=True):
        body = line.rstrip("\r\n\u2028\u2029\v\f\x1c\x1d\x1e\x85")
        heading = _HEADING.match(body)
        if heading:
            rest = heading["rest"] or ""
            start = at + (heading.start("rest") if heading["rest"] is not None else len(body))
            found.append(_Stretch(_part_of(heading), start, at + len(line), open=not rest.strip("*_ \t")))
        elif not body.strip() and not found[-1].open:
            found.append(_Stretch("takeaway", at, at + len(line), open=True))
        else:
            found[-1].end = at + len(line)
        begin = at + (len(body) - len(heading["rest"]) if heading and heading["rest"] is not None else 0)
        for inside in _INSIDE.finditer(text, begin, at + len(body)):
            found[-1].end = inside.start()
            found.append(_Stretch(_part_of(inside), inside.end(), at + len(line), open=False))
        at += len(line)
    return found


def _part_of(match: re.Match[str]) -> str:
    return next(part for part in _LABELS if match[part] is not None)


# Questions without a question mark, as a phone writes what it hears

_ASKING = re.compile(
    r"(?:wie|wat|waar|wanneer|waarom|hoe|hoeveel|welke?|is er|zijn er"
    r"|(?:kun|kan|mag|moet|wil|zal|heb|ben|weet) (?:je|ik|jij|jullie|we|wij|u)"
    r"|who|what|where|when|why|how|which|is there|are there"
    r"|(?:can|could|should|shall|will|would|do|did|are|have) (?:you|we|i|they))\b",
    re.IGNORECASE,
)
_TELLING = re.compile(
    r"\w+ (?:we|wij|ik|ons|onze|het|de|een|dat|er|iedereen|jullie meenemen|i|our|us|it|the|that|everybody|everyone)\b",
    re.IGNORECASE,
)
"""Behind "wat", "hoe" and the like, a subject makes it a statement: "wat we meenemen is ..."."""


def asks(sentence: str) -> bool:
    """Say whether this is a question: by its mark, or, without any mark at the end, by how it begins."""
    said = sentence.rstrip("\"'’”»)*_ ")
    if said.endswith("?"):
        return True
    if not said or said[-1] in ".!…" or not _ASKING.match(said):
        return False
    return not _TELLING.match(said)
