"""What of the news stands in the post, and what in the messages of its thread: nothing is lost, nothing is changed."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from bot.article import Part, PublishedSentence
from bot.dates import announced
from bot.digest.agenda import Fixed
from bot.digest.minority import POINTS, minority
from bot.digest.records import Interests, Item, ItemKind, ThemeNews
from bot.harvest import Note, Theme, picks

MOST_ITEMS = 4
MOST_FIXED = 2
"""So many items may be something else than news; a third one comes a week later."""
POST_CHARACTERS = 1500
"""What the post may hold, all its words together."""
FRAME_CHARACTERS = 250
"""What header, last line and its controls take of it."""
ITEM_CHARACTERS = 90
"""What an item takes besides its theme and its sentence, its buttons included."""
THREAD_CHARACTERS = 8500
"""What one message in the thread holds; Slack refuses somewhere above 10,000."""
THREAD_SENTENCES = 40
MOST_RANKED = 60
"""Up to so many sentences of one theme are compared to find the best; of more, the first of the article is taken."""
USUAL = (Part.BODY, Part.QUOTE, Part.CONCLUSION)
KINDS = {Part.QUESTION: ItemKind.QUESTION, Part.OFFER: ItemKind.OFFER}
NONE_IN_PARTICULAR = Interests()

Ranking = Callable[[Sequence[PublishedSentence]], Sequence[PublishedSentence]]


@dataclass(frozen=True)
class Composed:
    """The items of the post, and those of each message in its thread."""

    post: tuple[Item, ...]
    thread: tuple[tuple[Item, ...], ...]


def placed(sentences: Sequence[PublishedSentence], themes: Mapping[str, Theme]) -> list[PublishedSentence]:
    """Give every sentence its one theme, where it has any.

    A group that spoke of several themes: a sentence belongs to the one that it is known to be about, else to the one
    that it names, else to the one that most groups spoke of.
    """
    spoken: Counter[str] = Counter()
    for _, theme in dict.fromkeys((s.group, theme) for s in sentences for theme in s.themes):
        spoken[theme] += 1
    return [
        sentence if sentence.theme else replace(sentence, theme=_theme_of(sentence, themes, spoken))
        for sentence in sentences
    ]


def by_theme(sentences: Sequence[PublishedSentence], echoes: Iterable[PublishedSentence] = ()) -> list[ThemeNews]:
    """Group sentences that are `placed` by theme, the theme that most groups spoke of first."""
    found: dict[str | None, list[PublishedSentence]] = {}
    for sentence in sentences:
        found.setdefault(sentence.theme, []).append(sentence)
    also: dict[str | None, list[PublishedSentence]] = {}
    for sentence in echoes:
        also.setdefault(sentence.theme, []).append(sentence)
    news = [ThemeNews(theme, tuple(of), tuple(also.get(theme, ()))) for theme, of in found.items()]
    return sorted(news, key=lambda item: (-item.groups, -len(item.sentences)))


def in_rank(news: Sequence[ThemeNews], interests: Interests) -> list[ThemeNews]:
    """Put what matters most to the region first; what it muted is left out."""
    wanted = [theme for theme in news if theme.theme not in interests.muted]
    return sorted(
        wanted, key=lambda found: (-interests.level(found.theme), -interests.chosen.get(found.theme or "", 0))
    )


def compose(
    news: Sequence[ThemeNews],
    labels: Mapping[str | None, str],
    fixed: Sequence[Fixed] = (),
    due: Sequence[Item] = (),
    *,
    interests: Interests = NONE_IN_PARTICULAR,
    ranking: Ranking | None = None,
) -> Composed:
    """Choose what the post says, and put all the rest in messages for its thread, so that nothing is lost.

    `news` is in the order in which it matters (`in_rank`). An open question, an offer and what a group found each have
    a place, where there are any, and so has a line of a group that stands alone or disagrees. No theme comes twice
    while another one waits, and what matters more to the region waits for nothing that matters less. A sentence that
    does not fit whole is left for the thread. `labels` are the names of themes, `fixed` (at most `MOST_FIXED`) has its
    place in any case, `due` where there is one left, else in the thread. `ranking` puts sentences best first.
    """
    order = list(ItemKind)
    fixed = sorted(fixed[:MOST_FIXED], key=lambda each: order.index(each.item.kind))
    room = POST_CHARACTERS - FRAME_CHARACTERS - sum(each.characters for each in fixed)
    chosen = _Choosing(news, labels, interests, ranking or best_first, MOST_ITEMS - len(fixed), room).choose()
    level = {item.subject: -interests.level(item.theme) for item in chosen}
    post = sorted(chosen, key=lambda item: (level[item.subject], order.index(item.kind)))
    fitting = tuple(due[: max(0, MOST_ITEMS - len(fixed) - len(post))])
    thread = _thread(news, {item.subject for item in chosen}, due[len(fitting) :])
    return Composed((*post, *fitting, *(each.item for each in fixed)), thread)


class _Choosing:
    """One post in the making."""

    def __init__(
        self,
        news: Sequence[ThemeNews],
        labels: Mapping[str | None, str],
        interests: Interests,
        ranking: Ranking,
        slots: int,
        room: int,
    ) -> None:
        self._news, self._labels, self._interests, self._ranking = news, labels, interests, ranking
        self._slots, self._room = slots, room
        self._voices = minority(news)
        self._pools: dict[tuple[str | None, ItemKind], Sequence[PublishedSentence]] = {}
        self._shown: Counter[str | None] = Counter()
        self._kinds: Counter[ItemKind] = Counter()
        self._items: list[Item] = []

    def choose(self) -> list[Item]:
        while self._slots > 0:
            found = self._minority() if len(self._items) == 1 else None
            found = found or self._next()
            if found is None:
                break
            kind, theme, sentence = found
            self._items.append(Item(kind, sentence.id, theme))
            self._shown[theme] += 1
            self._kinds[kind] += 1
            self._pools[theme, kind] = ()  # one of a kind per theme
            self._room -= self._overhead(theme) + self._length(sentence)
            self._slots -= 1
        return self._items

    def _minority(self) -> tuple[ItemKind, str | None, PublishedSentence] | None:
        """The second place is for a voice that counting would lose, unless the first one gave it a word already."""
        if {item.subject for item in self._items} & {sentence.id for sentence in self._voices}:
            return None
        rank = {theme.theme: number for number, theme in enumerate(self._news)}
        waiting = [sentence for sentence in self._voices if not self._shown[sentence.theme]] or self._voices
        disagreeing = {theme.theme for theme in self._news if theme.groups > 1}
        for theme in sorted({s.theme for s in waiting}, key=lambda found: (found not in disagreeing, rank[found])):
            pool = [sentence for sentence in waiting if sentence.theme == theme]
            if (sentence := self._fitting(pool, theme)) is not None:
                return KINDS.get(sentence.part, ItemKind.THEME), theme, sentence
        return None

    def _next(self) -> tuple[ItemKind, str | None, PublishedSentence] | None:
        """The next item: of a theme that was shown least, among those what matters most, among those what lacks."""
        asked = [kind for kind in (ItemKind.QUESTION, ItemKind.OFFER) if not self._kinds[kind]]
        if self._slots == 1 and not self._kinds[ItemKind.THEME]:
            asked = []  # the last place is for what a group found, where nothing of that is there yet
        kinds = list(dict.fromkeys([*asked, ItemKind.THEME, *KINDS.values()]))
        turns: dict[tuple[int, int], list[ThemeNews]] = {}
        for theme in self._news:
            turns.setdefault((self._shown[theme.theme], -self._interests.level(theme.theme)), []).append(theme)
        for turn in sorted(turns):
            for kind in kinds:
                for theme in turns[turn]:
                    if (sentence := self._fitting(self._pool(theme, kind), theme.theme)) is not None:
                        return kind, theme.theme, sentence
        return None

    def _pool(self, theme: ThemeNews, kind: ItemKind) -> Sequence[PublishedSentence]:
        found = self._pools.get((theme.theme, kind))
        if found is None:
            if kind is ItemKind.THEME:
                found = self._ranking(theme.of(*USUAL) or theme.of(*POINTS))
            else:
                found = theme.of(*(part for part, of in KINDS.items() if of is kind))
            found = sorted(found, key=lambda each: each.id not in self._interests.touching)
            self._pools[theme.theme, kind] = found
        return found

    def _fitting(self, pool: Sequence[PublishedSentence], theme: str | None) -> PublishedSentence | None:
        """The first sentence that takes its fair share of the room at most, else the shortest if it fits at all."""
        room = self._room - self._overhead(theme)
        fair = self._room // self._slots - self._overhead(theme)
        modest = next((sentence for sentence in pool if self._length(sentence) <= fair), None)
        shortest = modest or min(pool, key=self._length, default=None)
        return shortest if shortest is not None and self._length(shortest) <= room else None

    def _length(self, sentence: PublishedSentence) -> int:
        """What a sentence takes, with the line that says which point of the region it is about."""
        return length(sentence.text) + self._interests.touching.get(sentence.id, 0)

    def _overhead(self, theme: str | None) -> int:
        return ITEM_CHARACTERS + len(self._labels.get(theme, ""))


def length(text: str) -> int:
    """Return the characters that a text takes in a message, where `&`, `<` and `>` are written out."""
    return len(text) + 4 * text.count("&") + 3 * (text.count("<") + text.count(">"))


def best_first(sentences: Sequence[PublishedSentence]) -> list[PublishedSentence]:
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


def _thread(news: Sequence[ThemeNews], shown: Set[str], due: Sequence[Item]) -> tuple[tuple[Item, ...], ...]:
    parts: list[list[Item]] = [list(due)] if due else []
    room = THREAD_CHARACTERS - len(due) * 5 * ITEM_CHARACTERS
    for theme in news:
        for sentence in sorted(theme.sentences, key=lambda found: list(Part).index(found.part)):
            if sentence.id in shown:
                continue
            needs = length(sentence.text) + 2 * ITEM_CHARACTERS
            if not parts or needs > room or len(parts[-1]) >= THREAD_SENTENCES:
                parts.append([])
                room = THREAD_CHARACTERS
            room -= needs
            parts[-1].append(Item(KINDS.get(sentence.part, ItemKind.THEME), sentence.id, theme.theme))
    return tuple(tuple(part) for part in parts)


def _theme_of(sentence: PublishedSentence, themes: Mapping[str, Theme], spoken: Mapping[str, int]) -> str | None:
    if sentence.theme is not None:
        return sentence.theme
    if len(sentence.themes) > 1:
        named = [theme for theme in sentence.themes if theme in themes and _names(sentence.text, themes[theme])]
        return max(named or sentence.themes, key=lambda theme: spoken[theme])
    return sentence.themes[0] if sentence.themes else None


def _names(text: str, theme: Theme) -> bool:
    names = filter(None, (theme.name, theme.short_name, *theme.aliases))
    return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE) for name in names)
