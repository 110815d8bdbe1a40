"""Picks: one per person and session, read and written in a rush."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, String, bindparam, delete, func, text
from sqlmodel import Field, Session, col, select

from bot.programme import Member, Programme, outsider
from bot.selection import MOST_CHOICES, Pick, Wish, taken
from bot.worksessions import Mode, State, Topic, WorkSession
from storage import programme
from storage.moments import Moment, moment, packed
from storage.rows import Row


class PickRow(Row, table=True):
    """The one choice that counts for a person in a session; `tapped` is Slack's time of their newest tap there."""

    __tablename__ = "pick"
    work_session_id: str = Field(primary_key=True, foreign_key="work_session.id")
    user_id: str = Field(primary_key=True)
    team_id: str
    wish: str
    topic_id: str | None = Field(default=None, foreign_key="topic.id")
    second_topic_id: str | None = Field(default=None, foreign_key="topic.id")
    third_topic_id: str | None = Field(default=None, foreign_key="topic.id")
    placed_by: str | None = None
    at: datetime = Field(sa_type=Moment)
    tapped: float | None = None


@dataclass(frozen=True)
class Situation:
    """Everything that one press is decided on; `tapped` is Slack's time of the newest tap that counted, 0 if none."""

    settings: Programme
    member: Member
    region_asked: bool
    session: WorkSession
    before: Pick | None
    tapped: float = 0.0


@dataclass(frozen=True)
class Pressed:
    """Who pressed what: a topic, or a button of a session."""

    team: str
    user: str
    session: str = ""
    topic: str = ""


_SESSIONS_OF = text(
    "SELECT team_id, id, work_session_id FROM topic WHERE team_id IN :teams AND id IN :topics"
).bindparams(bindparam("teams", expanding=True, type_=String), bindparam("topics", expanding=True, type_=String))
_SESSIONS = text("""
SELECT p.team_id, p.language, p.timezone, p.region_word, p.secret, p.bot_user,
       s.id, s.team_id, s.title, s.channel_id, s.starts_at, s.ends_at, s.closes_at, s.timezone, s.state, s.created_by,
       s.group_limit, s.group_minimum, s.mode, s.hidden, s.close_when_all, s.opened_at
FROM work_session s JOIN programme p ON p.team_id = s.team_id WHERE s.team_id IN :teams AND s.id IN :sessions
""").bindparams(bindparam("teams", expanding=True, type_=String), bindparam("sessions", expanding=True, type_=String))
_TOPICS = text("""
SELECT work_session_id, id, name, short_name, theme_id, facilitator, minimum, maximum, merged_into
FROM topic WHERE team_id IN :teams AND work_session_id IN :sessions AND withdrawn_at IS NULL ORDER BY position
""").bindparams(bindparam("teams", expanding=True, type_=String), bindparam("sessions", expanding=True, type_=String))
_MEMBERS = text("""
SELECT team_id, user_id, name, roles, region_id, locale, direct_channel, sector, region_asked_at
FROM member WHERE team_id IN :teams AND user_id IN :users
""").bindparams(bindparam("teams", expanding=True, type_=String), bindparam("users", expanding=True, type_=String))
_PICKS = text("""
SELECT work_session_id, user_id, wish, topic_id, second_topic_id, third_topic_id, placed_by, at, tapped
FROM pick WHERE team_id IN :teams AND work_session_id IN :sessions AND user_id IN :users
""").bindparams(
    bindparam("teams", expanding=True, type_=String),
    bindparam("sessions", expanding=True, type_=String),
    bindparam("users", expanding=True, type_=String),
)


def situations(db: Session, pressed: Sequence[Pressed]) -> list[Situation | None]:
    """Return what each press is decided on, None where the workspace has no such topic or session.

    What many presses share is read once: in a rush that is nearly everything. A session comes with its topics and
    without its regions.
    """
    connection, teams = db.connection(), sorted({each.team for each in pressed})
    topics = sorted({each.topic for each in pressed if each.topic})
    of_topic = {
        (row[0], row[1]): row[2] for row in connection.execute(_SESSIONS_OF, {"teams": teams, "topics": topics})
    }
    where = [(each.team, of_topic.get((each.team, each.topic), "") if each.topic else each.session) for each in pressed]
    users = sorted({each.user for each in pressed})
    people = {}
    for team, user, name, roles, *about, asked in connection.execute(_MEMBERS, {"teams": teams, "users": users}):
        people[team, user] = Member(team, user, name, programme.read_roles(roles), *about), asked is not None
    sessions = _sessions(connection, teams, sorted({session_id for _, session_id in where}))
    chosen = {}
    for session_id, user, wish, *ranks, placed_by, at, tapped in connection.execute(
        _PICKS, {"teams": teams, "sessions": list(sessions), "users": users}
    ):
        chosen[session_id, user] = _pick(user, wish, ranks, moment(at), placed_by), float(tapped or 0)
    found: list[Situation | None] = []
    for each, (team, session_id) in zip(pressed, where, strict=True):
        own, session = sessions.get(session_id, (None, None))
        if session is None or own is None or own.team != team:
            found.append(None)
            continue
        member, asked = people.get((each.team, each.user)) or (outsider(each.team, each.user), False)
        before, tapped = chosen.get((session.id, each.user), (None, 0.0))
        found.append(Situation(own, member, asked, session, before, tapped))
    return found


def _sessions(
    connection: Connection, teams: Sequence[str], ids: Sequence[str]
) -> dict[str, tuple[Programme, WorkSession]]:
    topics: dict[str, list[Topic]] = {}
    for session_id, *about in connection.execute(_TOPICS, {"teams": teams, "sessions": ids}):
        topics.setdefault(session_id, []).append(Topic(*about))
    found = {}
    for row in connection.execute(_SESSIONS, {"teams": teams, "sessions": ids}):
        values = row[6:]
        session = WorkSession(
            id=values[0],
            team=values[1],
            title=values[2],
            channel=values[3],
            starts_at=moment(values[4]),
            ends_at=moment(values[5]),
            closes_at=moment(values[6]) if values[6] else None,
            timezone=values[7],
            state=State(values[8]),
            created_by=values[9],
            topics=tuple(topics.get(values[0], ())),
            group_limit=values[10],
            group_minimum=values[11],
            mode=Mode(values[12]),
            hidden=bool(values[13]),
            close_when_all=bool(values[14]),
            opened_at=moment(values[15]) if values[15] else None,
        )
        found[session.id] = Programme(*row[:6]), session
    return found


_SAVE_PICK = text("""
INSERT INTO pick (work_session_id, user_id, team_id, wish, topic_id, second_topic_id, third_topic_id, placed_by, at,
                  tapped)
VALUES (:session, :user, :team, :wish, :first, :second, :third, :placed_by, :at, :tapped)
ON CONFLICT (work_session_id, user_id)
DO UPDATE SET wish = excluded.wish, topic_id = excluded.topic_id, second_topic_id = excluded.second_topic_id,
              third_topic_id = excluded.third_topic_id, placed_by = excluded.placed_by, at = excluded.at,
              tapped = COALESCE(excluded.tapped, pick.tapped)
WHERE pick.team_id = excluded.team_id AND COALESCE(excluded.tapped, pick.tapped, 0) >= COALESCE(pick.tapped, 0)
""")


def save_pick(db: Session, team: str, session_id: str, pick: Pick) -> None:
    """Let this choice take the place of the person's earlier one."""
    save_picks(db, [(team, session_id, pick, None)])


def save_picks(db: Session, picks: Sequence[tuple[str, str, Pick, float | None]]) -> None:
    """Let these choices (workspace, session, pick, Slack's time of the tap) take the place of people's earlier ones.

    In this order; but never that of a later tap, which another replica may have saved meanwhile.
    """
    if not picks:
        return
    rows = []
    for team, session_id, pick, tapped in picks:
        first, second, third = (*pick.topics, None, None, None)[:MOST_CHOICES]
        values = {"session": session_id, "user": pick.user, "team": team, "wish": pick.wish.value}
        ranks = {"first": first, "second": second, "third": third}
        rows.append({**values, **ranks, "placed_by": pick.placed_by, "at": packed(pick.at), "tapped": tapped})
    db.connection().execute(_SAVE_PICK, rows)
    db.expire_all()


def drop_pick(db: Session, team: str, session_id: str, user: str) -> None:
    """Forget what somebody chose in a session."""
    query = delete(PickRow).where(
        col(PickRow.team_id) == team, col(PickRow.work_session_id) == session_id, col(PickRow.user_id) == user
    )
    db.connection().execute(query)
    db.expire_all()


def pick_of(db: Session, team: str, session_id: str, user: str) -> Pick | None:
    """Return the choice of one person in a session."""
    row = db.get(PickRow, (team, session_id, user))
    return _read(row) if row else None


def picks_of(db: Session, team: str, session_id: str) -> list[Pick]:
    """Return every pick that counts, in the order in which people chose."""
    rows = db.exec(
        select(PickRow)
        .where(PickRow.team_id == team, PickRow.work_session_id == session_id)
        .order_by(col(PickRow.at), col(PickRow.user_id))
    )
    return [_read(row) for row in rows]


def count_picks(db: Session, team: str, session_id: str) -> int:
    """Count the people who chose a topic or have no preference: the number that the channel sees as well."""
    said = select(func.count()).where(
        PickRow.team_id == team, PickRow.work_session_id == session_id, PickRow.wish != Wish.ABSENT.value
    )
    return db.exec(said).one()


def counts(db: Session, team: str, session_id: str) -> Counter[str]:
    """Count the people per topic that is their (first) choice, without reading who they are."""
    query = select(PickRow.topic_id, func.count()).where(
        PickRow.team_id == team, PickRow.work_session_id == session_id, col(PickRow.topic_id).is_not(None)
    )
    return Counter({topic: number for topic, number in db.exec(query.group_by(col(PickRow.topic_id))) if topic})


def places(db: Session, session: WorkSession) -> Counter[str]:
    """Count the places that are taken per topic: who leads one has a place there, whatever they chose."""
    leading = [
        pick_of(db, session.team, session.id, topic.facilitator) for topic in session.topics if topic.facilitator
    ]
    return taken(session, counts(db, session.team, session.id), [pick for pick in leading if pick])


def wishes(db: Session, team: str, session_id: str) -> Counter[Wish]:
    """Count the people per kind of wish."""
    query = (
        select(PickRow.wish, func.count())
        .where(PickRow.team_id == team, PickRow.work_session_id == session_id)
        .group_by(PickRow.wish)
    )
    return Counter({Wish(wish): number for wish, number in db.exec(query)})


def _read(row: PickRow) -> Pick:
    ranks = [row.topic_id, row.second_topic_id, row.third_topic_id]
    return _pick(row.user_id, row.wish, ranks, row.at, row.placed_by)


def _pick(user: str, wish: str, ranks: Sequence[str | None], at: datetime, placed_by: str | None) -> Pick:
    return Pick(user, Wish(wish), tuple(topic for topic in ranks if topic), at, placed_by)
