"""Introductions between regions: ids only. Whose words they rest on is read when they are shown."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Index, UniqueConstraint, or_
from sqlmodel import Field, Session, col, select

from bot.introductions import LIVING, Basis, Introduction, Known, State
from storage import delivery
from storage.moments import Moment
from storage.rows import Row


class IntroductionRow(Row, table=True):
    """An open question and what another region said that may help, and how far it came."""

    __tablename__ = "introduction"
    __table_args__ = (
        UniqueConstraint("team_id", "question_impression", "answer_impression"),
        Index("ix_introduction_state", "team_id", "state"),
    )
    id: str = Field(primary_key=True)
    team_id: str
    question_id: str
    question_impression: str
    answer_id: str
    answer_impression: str
    asking_region: str = Field(foreign_key="region.id")
    answering_region: str = Field(foreign_key="region.id")
    theme_id: str | None = Field(default=None, foreign_key="theme.id")
    score: float
    proposed_at: datetime = Field(sa_type=Moment)
    state: str
    starter: str | None = None
    answerer: str | None = None
    deadline: datetime | None = Field(default=None, sa_type=Moment)
    refused: bool = False
    basis: str = Basis.SENTENCES.value


def save(db: Session, value: Introduction) -> None:
    """Write an introduction as it stands."""
    row = db.get(IntroductionRow, (value.team, value.id)) or IntroductionRow(
        id=value.id,
        team_id=value.team,
        question_id=value.question,
        question_impression=value.question_impression,
        answer_id=value.answer,
        answer_impression=value.answer_impression,
        asking_region=value.asking_region,
        answering_region=value.answering_region,
        theme_id=value.theme,
        score=value.score,
        proposed_at=value.proposed_at,
        state=value.state.value,
        basis=value.basis.value,
    )
    row.state, row.starter, row.answerer = value.state.value, value.starter, value.answerer
    row.deadline, row.refused = value.deadline, value.refused
    db.add(row)
    db.flush()


def one(db: Session, team: str, introduction_id: str) -> Introduction | None:
    """Return an introduction of this workspace."""
    row = db.get(IntroductionRow, (team, introduction_id))
    return _read(row) if row else None


def of_pair(db: Session, team: str, question: str, answer: str) -> Introduction | None:
    """Return what became of these two entries of the trail, if anything did."""
    query = select(IntroductionRow).where(
        IntroductionRow.team_id == team,
        IntroductionRow.question_impression == question,
        IntroductionRow.answer_impression == answer,
        IntroductionRow.basis == Basis.TRAIL.value,
    )
    row = db.exec(query).first()
    return _read(row) if row else None


def known(db: Session, team: str, basis: Basis = Basis.SENTENCES) -> Known:
    """Return what was proposed before on this basis, so that it is not proposed again."""
    query = select(IntroductionRow).where(IntroductionRow.team_id == team, IntroductionRow.basis == basis.value)
    rows = db.exec(query).all()
    return Known(
        pairs={(row.question_impression, row.answer_impression) for row in rows},
        refused={(row.asking_region, row.answering_region, row.theme_id) for row in rows if row.refused},
    )


def busy(db: Session, team: str, now: datetime, for_: timedelta) -> set[str]:
    """Return the regions that had a proposal, on either side, in this time up to now.

    What people of the trail asked for themselves, without a proposal, keeps no other away.
    """
    query = select(IntroductionRow.asking_region, IntroductionRow.answering_region).where(
        IntroductionRow.team_id == team,
        IntroductionRow.basis == Basis.SENTENCES.value,
        col(IntroductionRow.proposed_at) > now - for_,
    )
    return {region for pair in db.exec(query) for region in pair}


def proposed(db: Session, team: str, regions: Iterable[str], since: datetime) -> list[Introduction]:
    """Return what waits for these regions to want it, of after `since`, newest first."""
    query = select(IntroductionRow).where(
        IntroductionRow.team_id == team,
        IntroductionRow.state == State.PROPOSED.value,
        col(IntroductionRow.asking_region).in_(list(regions)),
        col(IntroductionRow.proposed_at) > since,
    )
    return [_read(row) for row in db.exec(query.order_by(col(IntroductionRow.proposed_at).desc()))]


def waiting(db: Session, team: str | None = None, answerer: str | None = None) -> list[Introduction]:
    """Return what waits for an answer or for the end of its time, of one workspace or all, of one person or all."""
    states = [State.ASKED.value, State.DECLINED.value]
    query = select(IntroductionRow).where(col(IntroductionRow.state).in_(states))
    if team is None:
        query = query.execution_options(every_workspace="whose time is over is looked up for all of them at once")
    else:
        query = query.where(IntroductionRow.team_id == team)
    if answerer is not None:
        query = query.where(IntroductionRow.answerer == answerer)
    return [_read(row) for row in db.exec(query.order_by(col(IntroductionRow.deadline), col(IntroductionRow.id)))]


def ask_key(found: Introduction) -> str:
    """Return the key of the message in which the other side is asked."""
    return f"introductions.ask:{found.id}:{found.answerer}"


def say_again(db: Session, found: Introduction, why: str, now: datetime) -> None:
    """Owe every message that tells people of an introduction what there is to say of it now, once for each `why`."""
    people = [user for user in (found.starter, found.answerer) if user]
    for key in (f"introductions.asked:{found.id}", ask_key(found), *(met_key(found, user) for user in people)):
        _change(db, found, key, why, now)


def say_again_to_answerer(db: Session, found: Introduction, why: str, now: datetime) -> None:
    """Owe only who was asked what there is to say now: of a no the other side reads nothing."""
    _change(db, found, ask_key(found), why, now)


def _change(db: Session, found: Introduction, key: str, why: str, now: datetime) -> None:
    posted = delivery.parcel(db, found.team, key)
    if posted is not None:
        arguments = {**posted.arguments, "again": True}
        delivery.plan_change(db, team=found.team, of=key, why=why, arguments=arguments, now=now)


def met_key(found: Introduction, user: str) -> str:
    """Return the key of the message in which one of the two gets to know the other."""
    return f"introductions.met:{found.id}:{user}"


def take_out(db: Session, team: str, sentences: Collection[str], why: str, now: datetime) -> list[str]:
    """Sentences or entries of the trail were withdrawn: what rests on them ends, and its messages are owed a change.

    Returns the ids, by which a digest knows them.
    """
    ids = list(sentences)
    query = select(IntroductionRow).where(
        IntroductionRow.team_id == team,
        or_(col(IntroductionRow.question_id).in_(ids), col(IntroductionRow.answer_id).in_(ids)),
    )
    rows: Sequence[IntroductionRow] = db.exec(query).all()
    for row in rows:
        if State(row.state) in LIVING:
            row.state = State.GONE.value
            db.add(row)
        say_again(db, _read(row), why, now)
    db.flush()
    return [row.id for row in rows]


def follow(db: Session, team: str, entries: Collection[str], why: str, now: datetime) -> list[str]:
    """Entries of the trail read differently or are gone: every message about what rests on them is owed a change.

    Returns the ids, by which a digest knows them. What is no longer there is answered by nobody: that is read live.
    """
    ids = sorted(entries)
    query = select(IntroductionRow).where(
        IntroductionRow.team_id == team,
        IntroductionRow.basis == Basis.TRAIL.value,
        or_(col(IntroductionRow.question_id).in_(ids), col(IntroductionRow.answer_id).in_(ids)),
    )
    rows = db.exec(query).all()
    for row in rows:
        say_again(db, _read(row), why, now)
    return [row.id for row in rows]


def _read(row: IntroductionRow) -> Introduction:
    return Introduction(
        id=row.id,
        team=row.team_id,
        question=row.question_id,
        question_impression=row.question_impression,
        answer=row.answer_id,
        answer_impression=row.answer_impression,
        asking_region=row.asking_region,
        answering_region=row.answering_region,
        theme=row.theme_id,
        score=row.score,
        proposed_at=row.proposed_at,
        state=State(row.state),
        starter=row.starter,
        answerer=row.answerer,
        deadline=row.deadline,
        refused=row.refused,
        basis=Basis(row.basis),
    )
