"""What people say of notes, and what follows when a note changes or goes: confirmed examples, refusals, forgetting."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from bot.themes import Origin, State
from storage.themes.rows import (
    ImpressionThemeRow,
    ThemeCandidateRow,
    ThemeCarrierRow,
    ThemeExampleRow,
    ThemePlacementRow,
)


def look_again(db: Session, team: str) -> None:
    """Somebody taught us something: read what was unsure or nowhere once more, and leave alone what is placed."""
    open_ = (State.UNSURE.value, State.NOWHERE.value)
    db.connection().execute(
        update(ThemePlacementRow)
        .where(
            col(ThemePlacementRow.team_id) == team,
            col(ThemePlacementRow.state).in_(open_),
            col(ThemePlacementRow.by_user) == "",
        )
        .values(version=0)
    )


def set_topics(db: Session, team: str, note: str, themes: Sequence[str], *, is_new: bool) -> None:
    """Write the topics of its group under which a note stands; what was found or said besides stays."""
    if is_new:  # nothing was found or said of it yet
        db.add_all(
            ImpressionThemeRow(impression_id=note, theme_id=theme, team_id=team) for theme in dict.fromkeys(themes)
        )
        return
    connection = db.connection()
    topic = Origin.TOPIC.value
    query = select(ImpressionThemeRow).where(
        ImpressionThemeRow.team_id == team, ImpressionThemeRow.impression_id == note
    )
    kept = {row.theme_id: row.origin for row in db.exec(query)}
    connection.execute(
        delete(ImpressionThemeRow).where(
            col(ImpressionThemeRow.team_id) == team,
            col(ImpressionThemeRow.impression_id) == note,
            col(ImpressionThemeRow.origin) == topic,
            col(ImpressionThemeRow.theme_id).not_in(list(themes)),
        )
    )
    refused = set(
        db.exec(
            select(ThemeExampleRow.theme_id).where(
                ThemeExampleRow.team_id == team,
                ThemeExampleRow.impression_id == note,
                col(ThemeExampleRow.fits).is_(False),
            )
        )
    )
    for theme in dict.fromkeys(themes):
        if kept.get(theme) in (Origin.NAMED.value, Origin.LIKENESS.value):
            connection.execute(
                update(ImpressionThemeRow)
                .where(
                    col(ImpressionThemeRow.team_id) == team,
                    col(ImpressionThemeRow.impression_id) == note,
                    col(ImpressionThemeRow.theme_id) == theme,
                )
                .values(origin=topic)
            )
        elif theme not in kept and theme not in refused:
            db.add(ImpressionThemeRow(impression_id=note, theme_id=theme, team_id=team))
    db.flush()


def forget(db: Session, team: str, note: str) -> None:
    """A note was withdrawn: nothing of what it was about, taught or carried stays."""
    for table in (ImpressionThemeRow, ThemeCandidateRow, ThemePlacementRow, ThemeExampleRow, ThemeCarrierRow):
        db.connection().execute(delete(table).where(col(table.team_id) == team, col(table.impression_id) == note))


def forget_places(db: Session, team: str, note: str) -> None:
    """The words of a note changed: the sentences that were pointed at are looked for anew."""
    for table in (ThemeCandidateRow, ThemeCarrierRow):
        db.connection().execute(delete(table).where(col(table.team_id) == team, col(table.impression_id) == note))


def confirm(
    db: Session, team: str, note: str, theme: str | None, by: str, now: datetime, *, refused: Sequence[str] = ()
) -> None:
    """A person says what a note is about (`theme`), or that it is about none of what was asked (`refused`).

    That teaches the next notes, is never asked again, and outlasts every re-run.
    """
    for each, fits in [*((one, False) for one in refused), *(((theme, True),) if theme else ())]:
        _example(db, team, note, each, by, now, fits=fits)
    if theme:
        row = db.get(ImpressionThemeRow, (team, note, theme))
        if row is None:
            row = ImpressionThemeRow(impression_id=note, theme_id=theme, team_id=team, origin=Origin.PERSON.value)
        elif row.origin != Origin.TOPIC.value:
            row.origin = Origin.PERSON.value
        row.certainty = 1.0
        db.add(row)
        db.flush()
    connection = db.connection()
    gone = [each for each in refused if each != theme]
    connection.execute(
        delete(ImpressionThemeRow).where(
            col(ImpressionThemeRow.team_id) == team,
            col(ImpressionThemeRow.impression_id) == note,
            col(ImpressionThemeRow.theme_id).in_(gone),
        )
    )
    asked = [*gone, *([theme] if theme else [])]
    wanted = (col(ThemeCandidateRow.team_id) == team) & (col(ThemeCandidateRow.impression_id) == note)
    placement = db.get(ThemePlacementRow, (team, note))
    if placement is not None and placement.state == State.UNSURE.value:
        connection.execute(delete(ThemeCandidateRow).where(wanted))
        placement.state = State.PLACED.value if theme else State.NOWHERE.value
        placement.by_user = by if theme else ""
        placement.at = now
        db.add(placement)
    else:
        connection.execute(delete(ThemeCandidateRow).where(wanted, col(ThemeCandidateRow.theme_id).in_(asked)))
    db.flush()
    look_again(db, team)


def _example(db: Session, team: str, note: str, theme: str, by: str, now: datetime, *, fits: bool) -> None:
    row = db.get(ThemeExampleRow, (team, note, theme)) or ThemeExampleRow(
        impression_id=note, theme_id=theme, team_id=team, fits=fits, by_user=by, at=now
    )
    row.fits, row.by_user, row.at = fits, by, now
    db.add(row)
    db.flush()
