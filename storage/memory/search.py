"""From a question to the sentences that cover it, each with where it comes from; and from a place back to its words."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from threading import Lock

from sqlalchemy import func
from sqlmodel import Session, col, select

from bot.article import Contribution, Part, Run, attributed
from bot.article.records import PART_OF
from bot.harvest import Theme, kind_of, split, variants
from bot.harvest.liveliness import aloud, procedural, urges
from bot.harvest.records import SentenceKind
from bot.impressions import PARTS, Impression, place_of
from bot.memory.asking import Question
from bot.memory.ranking import ENOUGH, Query, Reader, first_groups, read_query
from bot.memory.records import Says, Source, SourceKind
from bot.memory.stems import stem
from bot.programme import Action, Member, may
from bot.selection import Group
from bot.themes import families
from bot.worksessions import WorkSession
from storage import delivery, harvest, programme, selection, text_index, themes, worksessions
from storage.harvest import ArticleRow, ArticleSourceRow
from storage.impressions import ImpressionRow, MaterialRow
from storage.impressions.records import impression_of
from storage.memory.asked import Place
from storage.text_index import Hit, WordIndex
from storage.themes import ImpressionThemeRow
from storage.worksessions import WorkSessionRow

MOST_READ = 60
"""Best hits of which the words and the place are read; of these the answer is made."""
MOST_OF_THEME = 600
MOST_OWN = 300
"""Newest impressions that are not published yet, of those somebody may read."""
RECENT = 0.04
"""What it counts at most that a sentence is new, beside how much it covers."""
OPENS, LIVELY = 0.3, 0.03
"""What a sentence loses that only says what was talked about, and what one gains that is said aloud or urges."""
_YEAR = re.compile(r"\b(?:19[5-9]|20\d)\d\b")
_ASKING = (SentenceKind.QUESTION, SentenceKind.REQUEST)


@dataclass(frozen=True)
class Scope:
    """Whose question it is, and whether only they read the answer: then what they may read is searched too."""

    member: Member
    private: bool


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
            ArticleSourceRow.team_id == team,
            ArticleRow.state == "published",
            col(WorkSessionRow.channel_id).not_like("D%"),
        )
    )
    return int(documents), int(db.exec(published).one()) + len(_own(db, scope))


def search(db: Session, scope: Scope, question: Question, index: WordIndex) -> Found:
    """Return the sentences that touch what is asked, best first, with how much of it each covers.

    `index` is what `storage.text_index.refresh` returned in this session.
    """
    team = scope.member.team
    everything = [theme for theme in themes.lineage(db, team) if theme.status in ("active", "merged")]
    roots = families(everything)
    query = read_query(question, index.vocabulary, index.entries, everything, roots)
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

    def changes(self, team: str) -> int:
        """Return which state of a workspace this process read last; -1 before the first question."""
        index = self._indexes.get(team)
        return index.changes if index else -1

    def _refreshed(self, db: Session, team: str) -> WordIndex:
        index = self._indexes[team] = text_index.refresh(db, team, self._indexes.get(team))
        return index


def resolve(db: Session, team: str, places: Sequence[Place], member: Member | None) -> list[Source | None]:
    """Return what stands at these places now, in order; None where it was withdrawn or may no longer be read.

    `member` is who alone reads it; without, nothing that is not published comes out.
    """
    sentences = _sentences(db, team, [place[1] for place in places if place[0] is SourceKind.SENTENCE])
    passages = _passages(db, team, {place[2] for place in places if place[0] is SourceKind.PASSAGE})
    own = {each[0].id: each for each in _own(db, Scope(member, True))} if member else {}
    found: list[Source | None] = []
    for kind, ref, impression, field, start, end, shown in places:
        one: Source | None = None
        if kind is SourceKind.SENTENCE:
            one = sentences.get(ref)
        elif kind is SourceKind.PASSAGE and impression in passages:
            one = _passage(*passages[impression], field, start, end)
        elif kind is SourceKind.OWN and impression in own:
            one = _own_source(*own[impression], field, start, end)
        found.append(replace(one, text=one.text if shown else "") if one and one.text else None)
    return found


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
    sentences = _sentences(db, team, [hit.ref for _, hit in weighed if not hit.is_material])
    passages = _passages(db, team, {hit.impression for _, hit in weighed if hit.is_material})
    names = {theme.id: theme.name for theme in everything}
    found = []
    for weights, hit in weighed:
        if not hit.is_material:
            one = sentences.get(hit.ref)
        else:
            held = passages.get(hit.impression)
            one = _passage(*held, hit.ref, hit.start, hit.end) if held else None
        if one is not None:
            if not hit.is_material and one.themes and not set(one.themes) & reader.query.themes:
                weights = reader.weights(hit.terms)  # of a note on several themes, this sentence is about another
            found.append(_covering(one, weights, reader, names))
    return found


def _covering(one: Source, weights: Sequence[float], reader: Reader, names: dict[str, str]) -> Source:
    beside = " ".join([one.where, *one.regions, *(names.get(theme, "") for theme in one.themes)])
    # what stands beside a sentence helps one that says something of what is asked, and never makes an answer alone
    full = reader.around(weights, beside) if any(weights) else weights
    return replace(one, coverage=reader.coverage(full))


def _sentences(db: Session, team: str, ids: Collection[str]) -> dict[str, Source]:
    if not ids:
        return {}
    told = harvest.published_sentences(db, team, ids=sorted(set(ids)))
    names = {region.id: region.name for region in programme.regions(db, team)}
    promised = harvest.promised(db, team, [one.id for one in told if one.part is Part.OFFER])
    links = {one.article: _link(db, team, one.article) for one in told}
    found = {}
    for one in told:
        where = attributed(one)
        given = next((each for each in promised.get(one.id, ()) if each.promise.stands), None)
        says = {Part.QUESTION: Says.ASKS, Part.OFFER: Says.OFFERS}.get(one.part, Says.TELLS)
        if one.part is Part.BODY and kind_of(one.text) in _ASKING:
            says = Says.ASKS
        found[one.id] = Source(
            kind=SourceKind.SENTENCE,
            ref=one.id,
            impression=one.impression,
            field=one.field,
            start=one.start,
            end=one.end,
            text=one.text,
            says=says,
            on=where.on,
            where=where.session_title,
            group=where.group_number,
            regions=tuple(names[each] for each in where.regions if each in names),
            themes=(one.theme,) if one.theme else one.themes,
            promised_by=given.owner_name if given else "",
            url=links[one.article],
        )
    return found


def _link(db: Session, team: str, article: str) -> str:
    at = delivery.sent(db, team, f"harvest.article:{article}")
    return delivery.link(*at) if at else ""


def _passages(
    db: Session, team: str, impressions: Collection[str]
) -> dict[str, tuple[ImpressionRow, MaterialRow, tuple[str, ...]]]:
    if not impressions:
        return {}
    about: dict[str, tuple[str, ...]] = {}
    for row in db.exec(
        select(ImpressionThemeRow).where(
            ImpressionThemeRow.team_id == team, col(ImpressionThemeRow.impression_id).in_(sorted(impressions))
        )
    ):
        about[row.impression_id] = (*about.get(row.impression_id, ()), row.theme_id)
    query = (
        select(ImpressionRow, MaterialRow)
        .join(MaterialRow, col(MaterialRow.id) == ImpressionRow.material_id)
        .where(
            ImpressionRow.team_id == team,
            col(ImpressionRow.id).in_(sorted(impressions)),
            col(ImpressionRow.withdrawn_at).is_(None),
        )
    )
    return {
        passage.id: (passage, document, tuple(sorted(about.get(passage.id, ()))))
        for passage, document in db.exec(query)
    }


def _passage(
    passage: ImpressionRow, document: MaterialRow, about: tuple[str, ...], field: str, start: int, end: int
) -> Source:
    stored = passage.quote if field == "quote" else passage.takeaway
    said = stored[start:end]
    first = (passage.first_line or 1) + stored.count("\n", 0, start)
    return Source(
        kind=SourceKind.PASSAGE,
        ref=field,
        impression=passage.id,
        field=field,
        start=start,
        end=end,
        text=said,
        says=_says(said),
        on=document.on,
        named_year=None if document.on else max(map(int, _YEAR.findall(document.text)), default=None),
        where=document.title,
        lines=(first, first + said.count("\n")),
        themes=about,
    )


def _says(said: str) -> Says:
    kind = kind_of(said)
    return Says.ASKS if kind in _ASKING else Says.OFFERS if kind is SentenceKind.OFFER else Says.TELLS


def _own(db: Session, scope: Scope | None) -> list[tuple[Impression, WorkSession, Group, Contribution | None]]:
    """What is not published yet and this person may read, newest first; nothing where others read along.

    To who did not sit in its group comes what the group handed in, which says what nobody outside it may read.
    """
    if scope is None or not scope.private:
        return []
    member = scope.member
    out = select(ArticleRow.work_session_id).where(ArticleRow.team_id == member.team, ArticleRow.state == "published")
    query = (
        select(ImpressionRow)
        .where(
            ImpressionRow.team_id == member.team,
            col(ImpressionRow.group_id).is_not(None),
            col(ImpressionRow.withdrawn_at).is_(None),
            col(ImpressionRow.work_session_id).not_in(out),
        )
        .order_by(col(ImpressionRow.created_at).desc(), col(ImpressionRow.id))
        .limit(MOST_OWN)
    )
    sessions: dict[str, WorkSession | None] = {}
    groups: dict[str, Group | None] = {}
    handed_in: dict[str, dict[str, Contribution]] = {}
    found: list[tuple[Impression, WorkSession, Group, Contribution | None]] = []
    for row in db.exec(query).all():
        one = impression_of(row)
        if one.work_session not in sessions:
            sessions[one.work_session] = worksessions.one(db, member.team, one.work_session)
        if one.group not in groups:
            groups[one.group] = selection.group(db, member.team, one.group)
        session, group = sessions[one.work_session], groups[one.group]
        if session is None or group is None or (session.is_practice and session.created_by != member.user):
            continue
        if one.author == member.user or group.has(member.user):
            found.append((one, session, group, None))
        elif may(member, Action.SEE_IMPRESSION, place_of(group, member.user)):
            if session.id not in handed_in:
                handed_in[session.id] = {each.group.id: each for each in harvest.contributions(db, session)}
            found.append((one, session, group, handed_in[session.id].get(group.id)))
    return found


def _private(
    db: Session, scope: Scope, reader: Reader, index: WordIndex, own: Collection[str], everything: Sequence[Theme]
) -> list[Source]:
    names = {theme.id: theme.name for theme in everything}
    found = []
    for impression, session, group, outside in _own(db, scope):
        for field in PARTS:
            said = impression.text(field)
            for span in split(said):
                one = _own_source(impression, session, group, outside, field, span.start, span.end)
                if not one.text:
                    continue
                weights = reader.of_text(one.text, index.vocabulary, impression.id in own)
                found.append(_covering(one, weights, reader, names))
    return found


def _own_source(
    impression: Impression,
    session: WorkSession,
    group: Group,
    outside: Contribution | None,
    field: str,
    start: int,
    end: int,
) -> Source:
    """A sentence of a note; without its words where somebody `outside` the group may not read them."""
    run = Run(PART_OF[field], impression.id, field, start, end, impression.text(field)[start:end], impression.version)
    says = {"question": Says.ASKS, "offer": Says.OFFERS}.get(field, Says.TELLS)
    return Source(
        kind=SourceKind.OWN,
        ref=field,
        impression=impression.id,
        field=field,
        start=start,
        end=end,
        text=run.text if outside is None or outside.shows(run) else "",
        says=says,
        on=session.starts_at.astimezone(session.zone).date(),
        where=session.title,
        group=group.number,
    )
