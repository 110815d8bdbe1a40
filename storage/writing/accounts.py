"""What was asked of a language model and what it cost, why something was not, and who wants it stricter; no texts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from bot.writing import Limits, Mode
from storage.writing.records import WritingCallRow, WritingEventRow, WritingLimitRow, forget_all, forget_notes


@dataclass(frozen=True)
class Cost:
    """What was asked: calls, characters that were sent, and tokens in and out together."""

    calls: int = 0
    characters: int = 0
    tokens: int = 0


@dataclass(frozen=True)
class Event:
    """Something that was not sent (`withheld`), not shown (`dropped`), made without a model (`fallback`) or pointed out
    (`flagged`): the reason in one word, and the id of what it is about."""

    kind: str
    reason: str
    subject: str = ""


def limits(db: Session, team: str, workspace: Mode) -> Limits:
    """Return how far texts of a workspace may go. `workspace` is what the administrator set: never looser than that."""
    of: Mapping[str, dict[str, Mode]] = {"workspace": {}, "region": {}, "note": {}}
    for row in db.exec(select(WritingLimitRow).where(WritingLimitRow.team_id == team)):
        if row.scope in of:
            of[row.scope][row.subject_id] = Mode(row.mode)
    own = min([workspace, *of["workspace"].values()], key=list(Mode).index)
    return Limits(own, of["region"], of["note"])


def set_limit(db: Session, team: str, scope: str, subject: str, mode: Mode | None, by: str, now: datetime) -> None:
    """Write that a workspace, region or note wants it stricter; None takes that back.

    What a model wrote of it before is erased, for it may not have been read.
    """
    row = db.get(WritingLimitRow, (team, scope, subject))
    if mode is None:
        if row is not None:
            db.delete(row)
    else:
        row = row or WritingLimitRow(team_id=team, scope=scope, subject_id=subject, mode=mode.value, by=by, at=now)
        row.mode, row.by, row.at = mode.value, by, now
        db.add(row)
        if scope == "note":
            forget_notes(db, team, [subject])
        else:
            forget_all(db, team)
    db.flush()


def record_call(
    db: Session,
    team: str,
    region: str,
    period: str,
    *,
    step: str,
    model: str,
    outcome: str,
    calls: int,
    characters: int,
    tokens: tuple[int, int],
    now: datetime,
) -> None:
    """Write down a question: for the budget, for the line of costs, and for who asks later what was sent."""
    db.add(
        WritingCallRow(
            team_id=team,
            region_id=region,
            period_key=period,
            step=step,
            model=model,
            at=now,
            calls=calls,
            characters=characters,
            input_tokens=tokens[0],
            output_tokens=tokens[1],
            outcome=outcome,
        )
    )
    db.flush()


def record(db: Session, team: str, region: str, period: str, events: Iterable[Event], now: datetime) -> None:
    """Write down what was not sent or shown and why, each thing once a period."""
    query = select(WritingEventRow).where(
        WritingEventRow.team_id == team, WritingEventRow.region_id == region, WritingEventRow.period_key == period
    )
    known = {Event(row.kind, row.reason, row.subject) for row in db.exec(query)}
    for one in dict.fromkeys(events):
        if one not in known:
            db.add(
                WritingEventRow(
                    team_id=team, region_id=region, period_key=period, at=now, kind=one.kind, reason=one.reason,
                    subject=one.subject,
                )
            )  # fmt: skip
    db.flush()


def events(db: Session, team: str, region: str, period: str, kind: str | None = None) -> list[Event]:
    """Return what was written down for a region's digest of one period, in order."""
    query = select(WritingEventRow).where(
        WritingEventRow.team_id == team, WritingEventRow.region_id == region, WritingEventRow.period_key == period
    )
    found = [Event(row.kind, row.reason, row.subject) for row in db.exec(query.order_by(col(WritingEventRow.id)))]
    return [one for one in found if kind in (None, one.kind)]


def flagged(db: Session, team: str, since: datetime) -> dict[str, str]:
    """Return the notes that were pointed out since a moment, with the reason."""
    query = select(WritingEventRow).where(
        WritingEventRow.team_id == team, WritingEventRow.kind == "flagged", col(WritingEventRow.at) >= since
    )
    return {row.subject: row.reason for row in db.exec(query.order_by(col(WritingEventRow.id)))}


def cost(
    db: Session, team: str, *, region: str | None = None, period: str | None = None, since: datetime | None = None
) -> Cost:
    """Return what was spent: by a region, for a period, since a moment, or all together."""
    tokens = WritingCallRow.input_tokens + WritingCallRow.output_tokens
    query = select(func.sum(WritingCallRow.calls), func.sum(WritingCallRow.characters), func.sum(tokens)).where(
        WritingCallRow.team_id == team
    )
    if region is not None:
        query = query.where(WritingCallRow.region_id == region)
    if period is not None:
        query = query.where(WritingCallRow.period_key == period)
    if since is not None:
        query = query.where(col(WritingCallRow.at) >= since)
    calls, characters, spent = db.exec(query).one()
    return Cost(int(calls or 0), int(characters or 0), int(spent or 0))


def forget_older(db: Session, before: datetime) -> None:
    """Take away what was written down before a moment; this holds no words, and yet it need not be kept for ever."""
    for table in (WritingCallRow, WritingEventRow):
        gone = delete(table).where(col(table.at) < before)
        db.connection().execute(gone.execution_options(every_workspace="what is old goes"))
    db.expire_all()


def endpoint(db: Session, team: str) -> Mode:
    """Return where the model of a workspace ran when Oogst last looked; `NONE` where there was none."""
    row = db.get(WritingLimitRow, (team, "endpoint", ""))
    return Mode(row.mode) if row else Mode.NONE


def set_endpoint(db: Session, team: str, mode: Mode, now: datetime) -> None:
    """Write down where the model of a workspace runs, for whoever asks what is due without knowing the settings."""
    row = db.get(WritingLimitRow, (team, "endpoint", ""))
    row = row or WritingLimitRow(team_id=team, scope="endpoint", subject_id="", mode=mode.value, by="", at=now)
    row.mode, row.at = mode.value, now
    db.add(row)
    db.flush()
