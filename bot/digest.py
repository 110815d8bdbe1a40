"""What a region's weekly digest says: what was published since the last one, at most four items, the rest below it."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.article import Part, PublishedSentence
from bot.dates import announced
from bot.harvest import Note, Theme, picks
from bot.worksessions import State, WorkSession

MOST_ITEMS = 4
POST_CHARACTERS = 1500
"""What the post may hold, all its words together."""
FRAME_CHARACTERS = 200
"""What header and last line take of it."""
ITEM_CHARACTERS = 60
"""What an item takes besides its theme and its sentence."""
THREAD_CHARACTERS = 8500
"""What one message in the thread holds; Slack refuses somewhere above 10,000."""
THREAD_SENTENCES = 40
MOST_RANKED = 60
"""Up to so many sentences of one theme are compared to find the best; of more, the first of the article is taken."""


class ItemKind(StrEnum):
    """What an item of a digest is."""

    THEME = "theme"
    QUESTION = "question"
    OFFER = "offer"
    DATE = "date"
    MOVED = "moved"


@dataclass(frozen=True)
class Item:
    """One thing that a digest says. `subject` is a sentence id, or for a date `date_subject` of the session."""

    kind: ItemKind
    subject: str
    theme: str | None = None


@dataclass(frozen=True)
class Digest:
    """One region's digest of one week: the items of the post, and those of each message in its thread."""

    id: str
    region: str
    period: str
    since: datetime
    until: datetime
    post: tuple[Item, ...] = ()
    thread: tuple[tuple[Item, ...], ...] = ()

    @property
    def silent(self) -> bool:
        """Whether there is nothing to say, so that nothing is posted."""
        return not self.post and not self.thread


@dataclass(frozen=True)
class ThemeNews:
    """What is new about one theme: the sentences in the order of the articles, and how many groups they come from."""

    theme: str | None
    sentences: tuple[PublishedSentence, ...]

    @property
    def groups(self) -> int:
        """The number of groups that said something about it."""
        return len({sentence.group for sentence in self.sentences})

    def of(self, *parts: Part) -> list[PublishedSentence]:
        """Return the sentences of these parts."""
        return [sentence for sentence in self.sentences if sentence.part in parts]


def concerns(session: WorkSession, region: str) -> bool:
    """Say whether a region takes part in a session; one that names no region is for all."""
    return not session.regions or region in session.regions


def date_subject(session: WorkSession) -> str:
    """Return what stands for a session's date in the memory of digests; another date is another subject."""
    return f"{session.id}@{session.starts_at.timestamp():.0f}-{session.ends_at.timestamp():.0f}"


def session_of(subject: str) -> str:
    """Return the id of the session that a date's subject speaks of."""
    return subject.rpartition("@")[0]


def next_date(sessions: Iterable[WorkSession], region: str, said: Set[str], now: datetime) -> Item | None:
    """Return the earliest coming date that this region has not read yet, or that has changed since."""
    told = {session_of(subject) for subject in said if "@" in subject}
    for session in sorted(sessions, key=lambda found: (found.starts_at, found.id)):
        open_ = session.state in (State.PLANNED, State.CHOOSING, State.CLOSING) and session.starts_at > now
        if open_ and concerns(session, region) and date_subject(session) not in said:
            return Item(ItemKind.MOVED if session.id in told else ItemKind.DATE, date_subject(session))
    return None


def by_theme(sentences: Sequence[PublishedSentence], themes: Mapping[str, Theme]) -> list[ThemeNews]:
    """Group sentences by theme, the theme that most groups spoke of first.

    A group that spoke of several themes: a sentence belongs to the one that it names, else to the one that most
    groups spoke of.
    """
    spoken: Counter[str] = Counter()
    for _, theme in dict.fromkeys((s.group, theme) for s in sentences for theme in s.themes):
        spoken[theme] += 1
    found: dict[str | None, list[PublishedSentence]] = {}
    for sentence in sentences:
        found.setdefault(_theme_of(sentence, themes, spoken), []).append(sentence)
    news = [ThemeNews(theme, tuple(of)) for theme, of in found.items()]
    return sorted(news, key=lambda item: (-item.groups, -len(item.sentences)))


def compose(
    news: Sequence[ThemeNews], labels: Mapping[str | None, str], date: Item | None, date_characters: int = 0
) -> tuple[tuple[Item, ...], tuple[tuple[Item, ...], ...]]:
    """Choose what the post says, and put all the rest in messages for its thread, so that nothing is lost.

    First come one open question and one offer, where there are any, then one theme after another; a sentence that
    does not fit whole is left for the thread. `labels` are the names of themes, `date_characters` what the date takes.
    """
    slots = MOST_ITEMS - (date is not None)
    room = POST_CHARACTERS - FRAME_CHARACTERS - (date_characters if date else 0)
    chosen: dict[str, Item] = {}
    shown: set[tuple[ItemKind, str | None]] = set()
    questions = [(ItemKind.QUESTION, theme.theme, theme.of(Part.QUESTION)) for theme in news]
    offers = [(ItemKind.OFFER, theme.theme, theme.of(Part.OFFER)) for theme in news]
    points = [
        (ItemKind.THEME, theme.theme, _best_first(theme.of(Part.BODY, Part.QUOTE, Part.CONCLUSION))) for theme in news
    ]
    for pools, most in ((questions, 1), (offers, 1), (points, slots), (questions, slots), (offers, slots)):
        for kind, theme, pool in pools:
            if most < 1 or slots < 1:
                break
            overhead = ITEM_CHARACTERS + len(labels.get(theme, ""))
            found = _fitting(pool, room - overhead, room // slots - overhead)
            if found is not None and (kind, theme) not in shown:
                chosen[found.id] = Item(kind, found.id, theme)
                shown.add((kind, theme))
                room -= overhead + length(found.text)
                slots, most = slots - 1, most - 1
    order = list(ItemKind)
    post = sorted(chosen.values(), key=lambda item: order.index(item.kind))
    return (*post, *([date] if date else [])), _thread(news, chosen)


def length(text: str) -> int:
    """Return the characters that a text takes in a message, where `&`, `<` and `>` are written out."""
    return len(text) + 4 * text.count("&") + 3 * (text.count("<") + text.count(">"))


def _fitting(pool: Sequence[PublishedSentence], room: int, fair: int) -> PublishedSentence | None:
    """The first sentence that takes its fair share of the room at most, else the shortest if it fits at all."""
    modest = next((sentence for sentence in pool if length(sentence.text) <= fair), None)
    shortest = modest or min(pool, key=lambda sentence: length(sentence.text), default=None)
    return shortest if shortest is not None and length(shortest.text) <= room else None


def _best_first(sentences: Sequence[PublishedSentence]) -> list[PublishedSentence]:
    """The sentence best worth printing first, by the engine; each of them once.

    One that announces a date comes last: the date has an item of its own, with buttons.
    """
    if len(sentences) > MOST_RANKED:
        return list(sentences)
    by_id = {sentence.id: sentence for sentence in sentences}
    notes = [Note(sentence.id, sentence.text, group=sentence.group) for sentence in sentences]
    ranked = [found.note_id for found in picks(notes, len(notes), all_groups=False)]
    best = [by_id[found] for found in dict.fromkeys([*ranked, *by_id])]
    return sorted(best, key=lambda found: announced([found.text], found.published_at.date()) is not None)


def _thread(news: Sequence[ThemeNews], chosen: Mapping[str, Item]) -> tuple[tuple[Item, ...], ...]:
    kinds = {Part.QUESTION: ItemKind.QUESTION, Part.OFFER: ItemKind.OFFER}
    parts: list[list[Item]] = []
    room = 0
    for theme in news:
        for sentence in sorted(theme.sentences, key=lambda found: list(Part).index(found.part)):
            if sentence.id in chosen:
                continue
            needs = length(sentence.text) + 2 * ITEM_CHARACTERS
            if not parts or needs > room or len(parts[-1]) >= THREAD_SENTENCES:
                parts.append([])
                room = THREAD_CHARACTERS
            room -= needs
            parts[-1].append(Item(kinds.get(sentence.part, ItemKind.THEME), sentence.id, theme.theme))
    return tuple(tuple(part) for part in parts)


def _theme_of(sentence: PublishedSentence, themes: Mapping[str, Theme], spoken: Mapping[str, int]) -> str | None:
    if len(sentence.themes) > 1:
        named = [theme for theme in sentence.themes if theme in themes and _names(sentence.text, themes[theme])]
        return max(named or sentence.themes, key=lambda theme: spoken[theme])
    return sentence.themes[0] if sentence.themes else None


def _names(text: str, theme: Theme) -> bool:
    names = filter(None, (theme.name, theme.short_name, *theme.aliases))
    return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE) for name in names)
