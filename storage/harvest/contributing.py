"""What the groups of a session handed in, and which of its words nobody outside the group may read."""

from collections.abc import Sequence
from dataclasses import astuple
from datetime import datetime

from sqlmodel import Session, col, exists, select

from bot.article import Contribution, Edition, State
from bot.impressions import PARTS, Impression
from bot.impressions.consent import says_again, taken_back_mark
from bot.selection import Group
from bot.worksessions import WorkSession
from storage import attachments, impressions, programme, promises, selection, worksessions
from storage.harvest.articles import one, state_of
from storage.harvest.rows import ArticleRow
from storage.impressions import ImpressionRow
from storage.selection import GroupRow


def all_handed_in(db: Session, session: WorkSession) -> bool:
    """Say whether every group of a session has an impression that stands; a session without groups has not.

    It costs the same however many impressions there are: it is asked with each of them.
    """
    stands = exists().where(
        col(ImpressionRow.team_id) == session.team,
        col(ImpressionRow.work_session_id) == session.id,
        col(ImpressionRow.group_id) == col(GroupRow.id),
        col(ImpressionRow.withdrawn_at).is_(None),
    )
    query = select(stands).where(GroupRow.team_id == session.team, GroupRow.work_session_id == session.id)
    handed_in = db.exec(query).all()
    return bool(handed_in) and all(handed_in)


def contributions(db: Session, session: WorkSession) -> list[Contribution]:
    """Return every group of a session with what it handed in."""
    found = impressions.of_session(db, session.team, session.id)
    groups = selection.groups_of(db, session.team, session.id)
    kept_back = withheld(db, session, groups, found)
    places = promises.kept_back(db, session.team, found, _published_at(db, session))
    quoted = _quoted_again(db, session.team, found)
    return [
        Contribution(
            group,
            mine,
            frozenset(place for place in kept_back if place[0] in {i.id for i in mine}),
            frozenset(astuple(place) for place in places if place.impression in {i.id for i in mine})
            | {place for place in quoted if place[0] in {i.id for i in mine}},
        )
        for group in groups
        for mine in [tuple(i for i in found if i.group == group.id)]
    ]


def _quoted_again(db: Session, team: str, found: Sequence[Impression]) -> set[tuple[str, str, int, int]]:
    """Return where words of which somebody did not say yes to their use as a quote stand elsewhere, as places.

    To which somebody said no, in whatever note of the session and in whatever part; else in the same note.
    """
    refused = impressions.refused_words(db, team, [one.id for one in found])
    marks = {taken_back_mark(words) for words in refused}
    places: set[tuple[str, str, int, int]] = set()
    for told in found:
        quote = told.contents.quote
        kept = refused if told.quote_use.may_be_published or not quote.strip() else {*refused, quote}
        places |= {(told.id, *place) for words in kept for place in says_again(told.contents, words)}
        if quote.strip() and taken_back_mark(quote) in marks:
            places.add((told.id, "quote", 0, len(quote)))
    return places


def withheld(
    db: Session, session: WorkSession, groups: Sequence[Group], found: Sequence[Impression]
) -> set[tuple[str, str]]:
    """Return the parts (impression id and part) that nobody outside the group may read.

    A quote whose speaker did not agree, or not yet. And until the article is out, all of an impression to which
    somebody of the group objects, or to which not everybody agreed where silence does not count as yes. What became
    of words that are out already is decided sentence by sentence (`handlers.harvest.revising`).
    """
    kept_back = {(one.id, "quote") for one in found if not one.quote_use.may_be_published}
    if state_of(db, session.team, session.id) != State.PUBLISHED.value:
        stands = impressions.standings(db, session, groups, found)
        refused = [one.id for one in found if one.id in stands and not stands[one.id].may_be_published]
        kept_back |= {(one, part) for one in refused for part in PARTS}
    return kept_back


def _published_at(db: Session, session: WorkSession) -> datetime | None:
    query = select(ArticleRow.published_at).where(
        ArticleRow.team_id == session.team, ArticleRow.work_session_id == session.id
    )
    return db.exec(query).first()


def edition(db: Session, team: str, article_id: str) -> Edition | None:
    """Return an article with everything that is needed to show it."""
    article = one(db, team, article_id)
    session = worksessions.one(db, team, article.work_session) if article else None
    if article is None or session is None:
        return None
    found = contributions(db, session)
    users = {i.author for c in found for i in c.impressions} | {c.group.facilitator or "" for c in found}
    users |= {article.published_by or "", article.news_by, *(i.quote_by for c in found for i in c.impressions)}
    names = {member.user: member.name for member in programme.members(db, team, users)}
    groups, told = [c.group for c in found], [i for c in found for i in c.impressions]
    stands = impressions.standings(db, session, groups, told)
    names |= {
        member.user: member.name
        for member in programme.members(db, team, {no.user for one in stands.values() for no in one.objections})
    }
    following = worksessions.follower(db, team, session.id)
    promised = tuple(promises.told(db, promises.of_session(db, team, session.id)))
    files = tuple(attachments.of_session(db, team, session.id))
    return Edition(article, session, tuple(found), names, following, stands, files, promises=promised)
