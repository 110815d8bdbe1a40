"""From a place to the words that stand there now, with where they come from; only what somebody may read."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from sqlmodel import Session, col, select

from bot.article import Contribution, Part, Run, attributed
from bot.article.records import PART_OF
from bot.harvest import kind_of
from bot.harvest.records import SentenceKind
from bot.impressions import Impression, place_of
from bot.memory.records import Says, Source, SourceKind
from bot.programme import Action, Member, may
from bot.selection import Group
from bot.worksessions import WorkSession
from storage import delivery, harvest, programme, selection, worksessions
from storage.harvest import ArticleRow
from storage.impressions import ImpressionRow, MaterialRow
from storage.impressions.records import impression_of
from storage.memory.told import Place
from storage.memory.trailed import told_at
from storage.themes import ImpressionThemeRow

MOST_OWN = 300
"""Newest impressions that are not published yet, of those somebody may read."""
_YEAR = re.compile(r"\b(?:19[5-9]|20\d)\d\b")
_ASKING = (SentenceKind.QUESTION, SentenceKind.REQUEST)


@dataclass(frozen=True)
class Scope:
    """Whose question it is, and whether only they read the answer: then what they may read is searched too."""

    member: Member
    private: bool


def resolve(db: Session, team: str, places: Sequence[Place], member: Member | None) -> list[Source | None]:
    """Return what stands at these places now, in order; None where it was withdrawn or may no longer be read.

    `member` is who alone reads it; without, nothing that is not published comes out.
    """
    sentences = sentences_at(db, team, [place[1] for place in places if place[0] is SourceKind.SENTENCE])
    passages = passages_of(db, team, {place[2] for place in places if place[0] is SourceKind.PASSAGE})
    own = {each[0].id: each for each in unpublished(db, Scope(member, True))} if member else {}
    spots = {(place[1], *place[3:6]) for place in places if place[0] is SourceKind.TRAIL}
    trailed = told_at(db, team, spots, member)
    found: list[Source | None] = []
    for kind, ref, impression, field, start, end, shown in places:
        one: Source | None = None
        if kind is SourceKind.SENTENCE:
            one = sentences.get(ref)
        elif kind is SourceKind.PASSAGE and impression in passages:
            one = passage_source(*passages[impression], field, start, end)
        elif kind is SourceKind.OWN and impression in own:
            one = note_source(*own[impression], field, start, end)
        elif kind is SourceKind.TRAIL:
            one = trailed.get((ref, field, start, end))
        found.append(replace(one, text=one.text if shown else "") if one and one.text else None)
    return found


def sentences_at(db: Session, team: str, ids: Collection[str]) -> dict[str, Source]:
    """Return the published sentences with these ids, by id; what is not published now is not among them."""
    if not ids:
        return {}
    told = harvest.published_sentences(db, team, ids=sorted(set(ids)))
    names = {region.id: region.name for region in programme.regions(db, team)}
    promised = harvest.promised(db, team, [one.id for one in told if one.part is Part.OFFER])
    links = {article: _link(db, team, article) for article in sorted({one.article for one in told})}
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


def passages_of(
    db: Session, team: str, impressions: Collection[str]
) -> dict[str, tuple[ImpressionRow, MaterialRow, tuple[str, ...]]]:
    """Return imported passages that were not withdrawn, by id, each with its document and the ids of its themes."""
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
            MaterialRow.team_id == team,
            col(ImpressionRow.id).in_(sorted(impressions)),
            col(ImpressionRow.withdrawn_at).is_(None),
        )
    )
    return {
        passage.id: (passage, document, tuple(sorted(about.get(passage.id, ()))))
        for passage, document in db.exec(query)
    }


def passage_source(
    passage: ImpressionRow, document: MaterialRow, about: tuple[str, ...], field: str, start: int, end: int
) -> Source:
    """Return what stands in a field of a passage from `start` to `end` (characters), with its lines there."""
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


def unpublished(db: Session, scope: Scope | None) -> list[tuple[Impression, WorkSession, Group, Contribution | None]]:
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


def note_source(
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
