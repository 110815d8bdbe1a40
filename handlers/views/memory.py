"""Answers to questions: whole sentences, where each comes from, and what to do when nothing is known."""

from collections.abc import Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import Block

from bot.encoding import shown
from bot.harvest.words import words as words_of
from bot.memory.answering import AROUND_WORDS, LONGEST
from bot.memory.records import Says, Source, SourceKind
from bot.writing import Section
from handlers.views.frame import (
    actions,
    button,
    context,
    cut,
    divider,
    escaped,
    quoted,
    section,
)
from handlers.words import Words

Numbered = tuple[int, Source]
"""A source with its number in the answer."""
MOST_CLAIMS = 2
"""Claims of a model above the sentences."""
TITLE = 60
"""Characters of the name of a session or document beside a sentence."""
HEADINGS = {Says.TELLS: "memory.tells", Says.ASKS: "memory.asks", Says.OFFERS: "memory.offers"}


@dataclass(frozen=True)
class Shown:
    """What stands around an answer: in how much was looked, the theme (id, name), what a term means, the own group."""

    asked: str
    command: bool
    term: tuple[str, str] | None
    documents: int
    impressions: int
    theme: tuple[str, str] | None = None
    group: tuple[str, int] | None = None
    region: str = ""


def searching(documents: int, impressions: int, words: Words) -> str:
    """Say that it is being looked up, and in how much."""
    return words("memory.searching", where=_where(documents, impressions, words))


def answer(
    around: Shown, found: Sequence[Numbered], differs: bool, words: Words, written: Section | None = None
) -> tuple[str, list[Block]]:
    """Tell what was found, newest first: what regions tell, what is open, who offers; every sentence with its source.

    `written` is what a model wrote of exactly these sentences: it comes first, each claim with the numbers of what it
    rests on. Where that leaves too few words, sentences stay among the sources.
    """
    found = _by_place(found)
    lead = _lead(found, written, words) if written else []
    places = list(dict.fromkeys(_source(number, one, words) for number, one in found))
    left = LONGEST - AROUND_WORDS - sum(len(words_of(line)) for line in [*lead, *places])
    blocks: list[Block] = [*_term(around, words), *([section("\n".join(lead))] if lead else [])]
    for says, heading in HEADINGS.items():
        lines = []
        for number, one in found:
            if one.says is says and (not lead or len(words_of(one.text)) <= left):
                lines.append(_line(number, one, words))
                left -= len(words_of(one.text))
        if lines:
            blocks.append(section("\n".join([f"*{words(heading)}*", *lines])))
    blocks.append(context("\n".join(places)))
    notes = [words("memory.differs")] if differs else []
    notes.append(words("memory.searched", where=_where(around.documents, around.impressions, words)))
    made = words("writing.with_ai" if lead else "writing.without_ai")
    blocks.append(context(f"{' '.join(notes)} · {made}"))
    blocks += _buttons(around, words)
    first = next((one for _, one in found if one.text), None)
    text = words("memory.found", sentence=escaped(cut(first.text, 300))) if first else words("memory.found_long")
    return text, blocks


def _by_place(found: Sequence[Numbered]) -> list[Numbered]:
    """Give the sentences of one note the same number. Those of a small group keep their own."""

    def place(one: Source) -> str:
        return one.ref if one.group is None and one.lines is None else one.impression

    places = list(dict.fromkeys(place(one) for _, one in found))
    return [(places.index(place(one)) + 1, one) for _, one in found]


def _lead(found: Sequence[Numbered], written: Section, words: Words) -> list[str]:
    """The first claims of a model, each with the numbers of the sentences that carry it."""
    numbers = {one.ref: number for number, one in found}
    told = []
    for claim in written.claims[:MOST_CLAIMS]:
        marks = "".join(dict.fromkeys(f"[{numbers[one]}]" for one in claim.evidence if one in numbers))
        if marks:
            told.append(f"{escaped(claim.text)} {marks}")
    return [words("writing.in_short", text=told[0]), *(f"• {one}" for one in told[1:])] if told else []


def nothing(around: Shown, may_ask: bool, words: Words) -> tuple[str, list[Block]]:
    """Say that nothing answers this, and offer to put the question to others."""
    text = words("memory.nothing_ask" if may_ask else "memory.nothing")
    blocks: list[Block] = [
        *_term(around, words),
        section(text),
        context(words("memory.searched", where=_where(around.documents, around.impressions, words))),
    ]
    if may_ask:
        blocks.append(
            actions(
                button(words("memory.yes"), "memory.wait", around.asked, green=True, says=words("memory.yes_says")),
                button(words("memory.no"), "memory.let_go", around.asked, says=words("memory.no_says")),
                button(words("memory.region"), "memory.region", around.asked),
            )
        )
        blocks += _impression(around, words)
    return text, blocks


def taken_back(around: Shown, words: Words) -> tuple[str, list[Block]]:
    """Say that what was told here was withdrawn since."""
    text = words("memory.taken_back")
    return text, [section(text)]


def waiting(around: Shown, words: Words) -> list[Block]:
    """Say where a question waits for an answer, with the way to take it back."""
    where = words("memory.waits_region", region=escaped(around.region)) if around.region else words("memory.waits")
    return [
        section(where),
        actions(button(words("memory.take_back"), "memory.take_back", around.asked)),
    ]


def withdrawn(words: Words) -> tuple[str, list[Block]]:
    """Say that a question was taken back."""
    text = words("memory.withdrawn")
    return text, [section(text)]


def closed(words: Words) -> tuple[str, list[Block]]:
    """Say that a question is put to nobody."""
    text = words("memory.closed")
    return text, [section(text)]


def sources(found: Sequence[Numbered], words: Words) -> tuple[str, list[Block]]:
    """Show every source of an answer with its words and where they can be read."""
    text = words("memory.sources_title")
    if not found:
        gone = words("memory.taken_back")
        return gone, [section(gone)]
    blocks: list[Block] = [section(f"*{text}*")]
    for number, one in _by_place(found):
        said = f"{escaped(quoted(cut(shown(one.text), 1200)))}\n" if one.text else ""
        read = f" · <{one.url}|{words('memory.read')}>" if one.url else ""
        blocks += [divider(), section(f"{said}{_source(number, one, words)}{read}")]
    return text, blocks[:50]


def _term(around: Shown, words: Words) -> list[Block]:
    if around.term is None:
        return []
    short, long = around.term
    return [section(words("memory.term", short=escaped(short), long=escaped(long)))]


def _line(number: int, one: Source, words: Words) -> str:
    said = escaped(quoted(shown(one.text))) if one.text else words("memory.too_long_to_show")
    if one.says is Says.OFFERS and one.promised_by:
        return f"{words('memory.promised', name=escaped(one.promised_by))} {said} [{number}]"
    return f"{said} [{number}]"


def _source(number: int, one: Source, words: Words) -> str:
    parts = [escaped(cut(one.where, TITLE))] if one.kind is not SourceKind.TRAIL else _on_page(one, words)
    if one.group is not None:
        parts.append(words("memory.group", number=one.group))
    if one.lines is not None:
        parts.append(
            words("memory.lines", first=one.lines[0], last=one.lines[1])
            if one.lines[0] != one.lines[1]
            else words("memory.line", line=one.lines[0])
        )
    parts += [escaped(region) for region in one.regions]
    parts.append(_day(one, words))
    if one.unshared:
        parts.append(words("memory.not_shared"))
    if one.kind is SourceKind.OWN:
        parts.append(words("memory.not_published"))
    return f"[{number}] {' · '.join(parts)}"


def _on_page(one: Source, words: Words) -> list[str]:
    """Of which region's page it is, and on which part of it."""
    page = words("memory.page", region=escaped(cut(one.where, TITLE))) if one.where else words("memory.programme")
    return [page, words(f"trail.part_{one.part}")] if one.where else [page]


def _day(one: Source, words: Words) -> str:
    if one.on:
        return words.calendar_date(one.on)
    return words("memory.names_year", year=one.named_year) if one.named_year else words("memory.undated")


def _where(documents: int, impressions: int, words: Words) -> str:
    parts = [words.count("memory.documents", documents)] if documents else []
    return words.list([*parts, words.count("memory.impressions", impressions)])


def _buttons(around: Shown, words: Words) -> list[Block]:
    row = [
        button(words("memory.show_sources"), "memory.sources", around.asked),
        button(words("memory.region"), "memory.region", around.asked),
    ]
    if around.theme:
        row.append(
            button(
                words("memory.follow"), "digest.follow", around.theme[0],
                says=words("memory.follow_says", theme=around.theme[1]),
            )
        )  # fmt: skip
    helped = actions(
        button(words("memory.helps"), "memory.vote:yes", around.asked),
        button(words("memory.helps_not"), "memory.vote:no", around.asked),
    )
    return [actions(*row), helped, *_impression(around, words)]


def _impression(around: Shown, words: Words) -> list[Block]:
    """For who leads a group: what they wrote was looked up and not kept, in case they meant to hand it in."""
    if around.group is None:
        return []
    group_id, number = around.group
    return [
        context(words("memory.not_kept_as_impression", number=number)),
        actions(button(words("memory.share_impression"), "impressions.share", group_id)),
    ]
