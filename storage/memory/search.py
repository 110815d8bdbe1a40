"""From a question to the sentences that cover it, best first, each with how much of it that is."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from threading import Lock

from sqlalchemy import func
from sqlmodel import Session, col, select

from bot.harvest import Theme, split, variants
from bot.harvest.liveliness import aloud, procedural, urges
from bot.impressions import PARTS
from bot.memory.asking import Question
from bot.memory.ranking import ENOUGH, Query, Reader, first_groups, read_query
from bot.memory.records import Source
from bot.memory.stems import stem
from bot.memory.terms import known
from bot.themes import families
from storage import text_index, themes
from storage.harvest import ArticleRow, ArticleSourceRow
from storage.impressions import MaterialRow
from storage.memory.sources import Scope, note_source, passage_source, passages_of, sentences_at, unpublished
from storage.memory.trailed import told_at, unshared
from storage.text_index import Hit, WordIndex
from storage.themes import ImpressionThemeRow
from storage.trail.terms import own_terms
from storage.worksessions import WorkSessionRow

MOST_READ = 60
"""Best hits of which the words and the place are read; of these the answer is made."""
MOST_OF_THEME = 600
RECENT = 0.04
"""What it counts at most that a sentence is new, beside how much it covers."""
OPENS, LIVELY = 0.3, 0.03
"""What a sentence loses that only says what was talked about, and what one gains that is said aloud or urges."""


@dataclass(frozen=True)
class Found:
    """What was found, best first, and the theme (id) that the question names, if any."""

    sources: tuple[Source, ...]
    theme: str | None


def counts(db: Session, scope: Scope) -> tuple[int, int]:
    """Return in how many documents and impressions is looked."""
    team = scope.member.team
    documents = db.exec(select(func.count()).select_from(MaterialRow).where(MaterialRow.team_id == team)).one()
    published = (
        select(func.count(func.distinct(ArticleSourceRow.impression_id)))
        .join(ArticleRow, col(ArticleRow.id) == ArticleSourceRow.article_id)
        .join(WorkSessionRow, col(WorkSessionRow.id) == ArticleRow.work_session_id)
        .where(
            *(col(table.team_id) == team for table in (ArticleSourceRow, ArticleRow, WorkSessionRow)),
            ArticleRow.state == "published",
            col(WorkSessionRow.channel_id).not_like("D%"),
        )
    )
    return int(documents), int(db.exec(published).one()) + len(unpublished(db, scope))


def search(db: Session, scope: Scope, question: Question, index: WordIndex) -> Found:
    """Return the sentences that touch what is asked, best first, with how much of it each covers.

    `index` is what `storage.text_index.refresh` returned in this session.
    """
    team = scope.member.team
    everything = [theme for theme in themes.lineage(db, team) if theme.status in ("active", "merged")]
    roots = families(everything)
    terms = known(own_terms(db, team))
    query = read_query(question, index.vocabulary, index.entries, everything, roots, terms)
    if not query.concepts:
        return Found((), None)
    reader = Reader(query)
    own = _of_themes(db, team, query.themes)
    hits = {
        hit.id: hit
        for hit in (
            *text_index.find(db, team, [each.numbers for each in query.rarest], ENOUGH // 4, every=True),
            *text_index.find(db, team, first_groups(query, index.vocabulary), ENOUGH, every=False),
            *text_index.of_impressions(db, team, own, MOST_OF_THEME),
        )
    }
    weighed = [(reader.weights(hit.terms, hit.impression in own), hit) for hit in hits.values()]
    weighed.sort(key=lambda one: (-reader.coverage(one[0]), -one[1].id))
    sources = _read(db, team, reader, weighed[:MOST_READ], everything)
    sources += _private(db, scope, reader, index, own, everything)
    sources += _unshared(db, scope, reader, index)
    days = sorted({one.on for one in sources if one.on})
    ordered = sorted(
        (_scored(one, days) for one in sources),
        key=lambda one: (-round(one.score, 6), one.newest_first, one.ref, one.impression),
    )
    named = _named(question, query, everything)
    return Found(tuple(ordered), named)


class Searcher:
    """Keeps the words of each workspace at hand between questions, and lets one question after another read them."""

    def __init__(self) -> None:
        self._indexes: dict[str, WordIndex] = {}
        self._turn = Lock()

    def search(self, db: Session, scope: Scope, question: Question) -> Found:
        """Return what is found for a question now; see `search`."""
        with self._turn:
            return search(db, scope, question, self._refreshed(db, scope.member.team))

    def forget(self, team: str) -> None:
        """Keep no word of a workspace that left; should somebody ask after all, they are read anew."""
        self._indexes.pop(team, None)

    def changes(self, team: str) -> int:
        """Return which state of a workspace this process read last; -1 before the first question."""
        index = self._indexes.get(team)
        return index.changes if index else -1

    def _refreshed(self, db: Session, team: str) -> WordIndex:
        index = self._indexes[team] = text_index.refresh(db, team, self._indexes.get(team))
        return index


def _scored(one: Source, days: Sequence[date]) -> Source:
    fresh = days.index(one.on) / max(1, len(days) - 1) if one.on and len(days) > 1 else 0.0
    length = len(one.text.split())
    # a very short sentence tells little, a very long one little of what is asked
    shape = -0.03 if length < 5 else -0.02 if length > 40 else 0.0
    shape -= OPENS if procedural(one.text) else 0.0
    shape += LIVELY if aloud(one.text) or urges(one.text) else 0.0
    return replace(one, score=one.coverage + RECENT * fresh + shape)


def _named(question: Question, query: Query, everything: Sequence[Theme]) -> str | None:
    """The theme that a question names; of several names of one subject the one that still stands."""
    living = sorted(theme.id for theme in everything if theme.id in query.themes and theme.status == "active")
    said = {stem(word) for word in question.words}
    for theme in everything:
        if theme.id in living and any(stem("".join(name.casefold().split())) in said for name in variants(theme)):
            return theme.id
    return living[0] if living else None


def _of_themes(db: Session, team: str, wanted: Collection[str]) -> set[str]:
    """The impressions and passages about these themes."""
    if not wanted:
        return set()
    query = select(ImpressionThemeRow.impression_id).where(
        ImpressionThemeRow.team_id == team, col(ImpressionThemeRow.theme_id).in_(sorted(wanted))
    )
    return set(db.exec(query))


def _read(
    db: Session,
    team: str,
    reader: Reader,
    weighed: Sequence[tuple[list[float], Hit]],
    everything: Sequence[Theme],
) -> list[Source]:
    sentences = sentences_at(db, team, [hit.ref for _, hit in weighed if not hit.is_material and not hit.entry])
    passages = passages_of(db, team, {hit.impression for _, hit in weighed if hit.is_material})
    trailed = told_at(db, team, {_spot(hit) for _, hit in weighed if hit.entry}, None)
    names = {theme.id: theme.name for theme in everything}
    found = []
    for weights, hit in weighed:
        if hit.entry:
            one = trailed.get(_spot(hit))
        elif not hit.is_material:
            one = sentences.get(hit.ref)
        else:
            held = passages.get(hit.impression)
            one = passage_source(*held, hit.ref, hit.start, hit.end) if held else None
        if one is not None:
            if not hit.is_material and not hit.entry and one.themes and not set(one.themes) & reader.query.themes:
                weights = reader.weights(hit.terms)  # of a note on several themes, this sentence is about another
            found.append(_covering(one, weights, reader, names))
    return found


def _spot(hit: Hit) -> tuple[str, str, int, int]:
    return hit.entry, hit.ref, hit.start, hit.end


def _unshared(db: Session, scope: Scope, reader: Reader, index: WordIndex) -> list[Source]:
    """What the asker's own region keeps to itself; nothing where others read along."""
    if not scope.private:
        return []
    found = []
    for one, asked_by in unshared(db, scope.member):
        weights = reader.of_text(f"{asked_by} {one.text}", index.vocabulary)
        found.append(_covering(one, weights, reader, {}))
    return found


def _covering(one: Source, weights: Sequence[float], reader: Reader, names: dict[str, str]) -> Source:
    beside = " ".join([one.where, *one.regions, *(names.get(theme, "") for theme in one.themes)])
    # what stands beside a sentence helps one that says something of what is asked, and never makes an answer alone
    full = reader.around(weights, beside) if any(weights) else weights
    return replace(one, coverage=reader.coverage(full))


def _private(
    db: Session, scope: Scope, reader: Reader, index: WordIndex, own: Collection[str], everything: Sequence[Theme]
) -> list[Source]:
    names = {theme.id: theme.name for theme in everything}
    found = []
    for impression, session, group, outside in unpublished(db, scope):
        for field in PARTS:
            said = impression.text(field)
            for span in split(said):
                one = note_source(impression, session, group, outside, field, span.start, span.end)
                if not one.text:
                    continue
                weights = reader.of_text(one.text, index.vocabulary, impression.id in own)
                found.append(_covering(one, weights, reader, names))
    return found
