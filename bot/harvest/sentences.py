"""Where sentences begin and end, in Dutch and English, by offsets into the stored text; and which language it is.

Offsets are the whole point: a quote is cut out of the note by them, so it cannot differ from what somebody wrote.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass

from bot.harvest.stopwords import DUTCH_VOTE, ENGLISH_VOTE
from bot.harvest.words import fold, words

_CLOSING = "\"'’”»)\\]"
_BULLET = "-–—•·*▪◦‣☑☐✓✔"
_CANDIDATE = re.compile(
    rf"""
    (?<![.!?…])(?P<mark>[.!?…]+)(?P<quote>[{_CLOSING}]*)             # the end of a sentence, closing quotes included
    (?= \s | $ | \d{{1,2}}[.)]\s | [a-z]\)\s | ["'‘“„(]?[^\W\d_a-zß-öø-ÿ] )
    | (?<![ \t])(?P<line>[ \t]*(?:\r\n|\n|\r|\u2028|\u2029)+)       # or the end of a line
    """,
    re.VERBOSE,
)
_MARKER = re.compile(
    rf"(?:(?:\d{{1,2}}|[a-zA-Z])[.)](?=\s|[^\W\d_])|\#\d+\b|\#{{1,6}}\s|[{_BULLET}>](?=\s|[^\W\d_]))\s*"
)
_TAIL = re.compile(r"(?:[^\s\"'‘’“”„(\[]|(?<=\w)['’](?=\w))+$")
_TOKEN = re.compile(r"\S+")
_PAGE = re.compile(r"https?://\S+|www\.\S+", re.IGNORECASE)
_ENDING = re.compile(r"\.\w+")
_LOWER_START = re.compile(r"[a-z]{3}[.!?]\s+[a-z]")
_UPPER_START = re.compile(r"[a-z0-9][.!?][\"'’”)]*\s+[A-ZÀ-Þ]")

_LONGEST_TAIL = 100
"""Characters before a point that are looked at: no abbreviation or number is longer, and a wall of signs costs nothing.
"""

_TITLES = """
dhr mevr mw hr drs dr ir ing mr mrs ms prof bv bijv vb bijvb nl ca circa o.a oa m.b.t mbt i.v.m ivm t.a.v tav d.w.z
dwz evt incl excl resp mln mld zgn z.g.n n.a.v nav t.o.v tov o.b.v obv a.h.v i.p.v ipv t.b.v tbv m.u.v vgl d.d dd
hon e.g eg i.e ie vs approx u.s u.k st sr jr gem dir wnd plv vz secr burg weth c.q cq t.g.v t.w m.n mn m.i n.v.t zgh
cf ed
"""
_NEVER_LAST = frozenset(_TITLES.split())
_COUNTED = "no nos nr nrs art blz pag p.p fig vol par min max tel sept okt nov dec jan feb aug afd"
_BEFORE_A_NUMBER = frozenset(_COUNTED.split())
_CLOSERS = "enz etc e.d ed a.m p.m jl a.u.b aub e.a ea b.v inc ltd co d.m.v m.m"
_OFTEN_LAST = frozenset(_CLOSERS.split())


@dataclass(frozen=True, slots=True)
class Span:
    """A sentence as offsets into a text: `text[start:end]`, without blanks around it and without its list marker."""

    start: int
    end: int


def split(text: str, language: str | None = None) -> list[Span]:
    """Return the sentences of a note, first to last; a text without a letter or digit gives none.

    Works for Dutch and English alike (`language` is accepted for callers that know it; the rules are shared because
    notes mix both). Abbreviations, initials, years, dates, amounts, e-mail addresses and closing quotes stay inside;
    glued sentences ("betaling.1. Wat ...") come apart; a hard-wrapped line goes on.
    """
    guarded = _addresses(text) if "@" in text or "/" in text or "www" in text.lower() else []
    begins = [begin for begin, _ in guarded]
    lower_style = not _UPPER_START.search(text) and bool(_LOWER_START.search(text))
    spans: list[Span] = []
    start = 0
    for found in _CANDIDATE.finditer(text):
        at = found.start()
        inside = bisect_left(begins, at) - 1
        if inside >= 0 and at < guarded[inside][1] - 1:
            continue
        if found["line"] is not None:
            if _line_goes_on(text, start, found.start(), found.end(), found["line"]):
                continue
        elif not _sentence_ends(text, start, found, lower_style):
            continue
        _add(spans, text, start, found.end())
        start = found.end()
    _add(spans, text, start, len(text))
    return spans


def _addresses(text: str) -> list[tuple[int, int]]:
    """Where addresses of mail and of pages stand, word by word: in time that grows as the text, whatever it holds."""
    found = []
    for token in _TOKEN.finditer(text):
        word, start = token.group(), token.start()
        at = word.find("@", 1)
        ends = [each.end() for each in _ENDING.finditer(word, at + 2)] if at > 0 else []
        if ends:
            found.append((start, start + ends[-1]))
        elif page := _PAGE.search(word):
            found.append((start + page.start(), start + page.end()))
    return found


def _add(spans: list[Span], text: str, start: int, end: int) -> None:
    """Trim blanks and list markers; keep what still has a word."""
    while end > start and text[end - 1].isspace():
        end -= 1
    while start < end and text[start].isspace():
        start += 1
    while (marker := _MARKER.match(text, start, end)) and marker.end() > start:
        start = marker.end()
    if any(c.isalnum() for c in text[start:end]):
        spans.append(Span(start, end))


def _line_goes_on(text: str, start: int, at: int, after: int, line: str) -> bool:
    """A single line end inside a sentence: the next line starts small, and this one does not look finished."""
    if line.count("\n") + line.count("\r") - line.count("\r\n") != 1:
        return False
    before, following = text[start:at].rstrip(), text[after : after + 2].lstrip()
    return bool(before) and before[-1] not in ".!?:;" and following[:1].islower() and not _MARKER.match(text, after)


def _sentence_ends(text: str, start: int, found: re.Match[str], lower_style: bool) -> bool:
    mark, after = found["mark"], found.end()
    following = text[after:].lstrip()[:1] if after < len(text) else ""
    before = text[start : found.start()]
    tail_match = _TAIL.search(before, max(0, len(before) - _LONGEST_TAIL))
    tail = tail_match.group() if tail_match else ""
    if not before.strip():
        return False
    glued = after < len(text) and not text[after].isspace()
    if mark == ".":
        name = fold(tail)
        if not found["quote"]:
            if name in _OFTEN_LAST:
                return not following or (not glued and not following.islower())
            if name in _BEFORE_A_NUMBER and following.isdigit():
                return False
            if name in _NEVER_LAST or (len(name) == 1 and name.isalpha()):
                return not following
        if name.isdigit() and len(name) <= 2 and not before[: -len(tail)].strip():
            return False  # "1." at the start is a list marker
        if glued and text[after].isdigit() and name.isdigit() and len(name) <= 2:
            return False  # "2.1."
        if glued and (len(name) < 2 or "." in name) and not name.isdigit():
            return False  # "J.Jansen", "o.A."
    if following.islower():
        if _starts_with_marker(text, after):
            return True
        return lower_style and not glued and not found["quote"] and len(mark) == 1 and len(tail) >= 3
    return True


def _starts_with_marker(text: str, at: int) -> bool:
    """'?b) Heeft': a small letter that opens the next point of a list."""
    rest = text[at : at + 6].lstrip()
    return len(rest) > 2 and rest[0].isalpha() and rest[1] == ")" and rest[2].isspace()


def language_of(text: str, default: str | None = None) -> str | None:
    """Return 'nl' or 'en' by counting stop words only one of them has; `default` when they do not decide."""
    dutch = english = 0
    for word in words(text):
        low = word.lower()
        dutch += low in DUTCH_VOTE
        english += low in ENGLISH_VOTE
    if dutch == english:
        return default
    return "nl" if dutch > english else "en"
