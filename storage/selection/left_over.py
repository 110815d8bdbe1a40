"""What a session came to, for whoever compares what was chosen with what was discussed; and what it left over."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from bot.harvest import Theme, variants
from bot.harvest.words import folded
from bot.impressions import Impression
from bot.selection import Group, Pick
from bot.themes import LeftOver, drift, families
from bot.themes import left_over as unserved
from bot.worksessions import State, WorkSession
from storage import impressions, themes, worksessions
from storage.selection.groups import groups_of
from storage.selection.picks import picks_of
from storage.worksessions import TopicRow, WorkSessionRow

MOST_SESSIONS = 2
"""What the last two sessions left over is offered again; after that it was passed over often enough."""


@dataclass(frozen=True)
class Outcome:
    """What people chose, where they sat and what their groups handed in; `themes` by id."""

    session: WorkSession
    groups: tuple[Group, ...]
    picks: tuple[Pick, ...]
    impressions: tuple[Impression, ...]
    themes: dict[str, Theme]


def outcome(db: Session, session: WorkSession) -> Outcome:
    """Return everything that the drift report of a session is decided on."""
    wanted = {topic.theme for topic in session.topics}
    return Outcome(
        session,
        tuple(groups_of(db, session.team, session.id)),
        tuple(picks_of(db, session.team, session.id)),
        tuple(impressions.of_session(db, session.team, session.id)),
        {theme.id: theme for theme in themes.lineage(db, session.team) if theme.id in wanted},
    )


def left_over(db: Session, team: str, besides: Sequence[str] = ()) -> list[LeftOver]:
    """Return the topics of the last two sessions that nobody served and that were not on offer since.

    The newest session comes first; a subject that goes by one of the names `besides` is on offer already. It reads
    impressions sentence by sentence: call it where a reader may take long.
    """
    query = (
        select(WorkSessionRow.id)
        .where(
            WorkSessionRow.team_id == team,
            WorkSessionRow.state == State.GROUPED.value,
            ~col(WorkSessionRow.channel_id).startswith("D"),
        )
        .order_by(col(WorkSessionRow.starts_at).desc(), col(WorkSessionRow.id))
        .limit(MOST_SESSIONS)
    )
    everything = themes.lineage(db, team)
    root = families(everything)
    names = {folded(name) for name in besides}
    offered = {root[theme.id] for theme in everything if names & {folded(name) for name in variants(theme)}}
    found: list[LeftOver] = []
    for session_id in db.exec(query).all():
        session = worksessions.one(db, team, session_id)
        if session is None:
            continue
        held = outcome(db, session)
        since = offered | {root.get(theme, theme) for theme in _offered_since(db, session)}
        report = drift(session, held.groups, held.picks, held.impressions, held.themes)
        found += [one for one in unserved(session, report) if root.get(one.theme, one.theme) not in since]
    return found


def _offered_since(db: Session, session: WorkSession) -> list[str]:
    """The themes of sessions that come later than this one, whether their groups are known or not."""
    query = (
        select(TopicRow.theme_id)
        .join(WorkSessionRow, col(WorkSessionRow.id) == TopicRow.work_session_id)
        .where(
            TopicRow.team_id == session.team,
            WorkSessionRow.team_id == session.team,
            WorkSessionRow.starts_at > session.starts_at,
            ~col(WorkSessionRow.channel_id).startswith("D"),
        )
    )
    return list(db.exec(query))
