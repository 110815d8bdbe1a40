"""Workspaces with their settings, and the regions in them."""

from sqlmodel import Session, col, select

from bot.programme import Programme, Region
from storage.programme.rows import ProgrammeRow, RegionRow


def programme(db: Session, team: str) -> Programme | None:
    """Return the programme of a workspace, or None where Oogst was never set up."""
    row = db.get(ProgrammeRow, team)
    return _programme(row) if row else None


def programmes(db: Session) -> list[Programme]:
    """Return every programme in this database."""
    query = select(ProgrammeRow).order_by(col(ProgrammeRow.team_id))
    rows = db.exec(query.execution_options(every_workspace="which workspaces there are"))
    return [_programme(row) for row in rows]


def save_programme(db: Session, value: Programme, name: str = "") -> None:
    """Record the settings under which a workspace runs; its secret is set once and kept."""
    row = db.get(ProgrammeRow, value.team) or ProgrammeRow(
        team_id=value.team,
        language=value.language,
        timezone=value.timezone,
        region_word=value.region_word,
        secret=value.secret,
    )
    row.language, row.timezone, row.region_word = value.language, value.timezone, value.region_word
    row.bot_user = value.bot_user or row.bot_user
    row.bot_id = value.bot_id or row.bot_id
    row.name = name or row.name
    db.add(row)


def regions(db: Session, team: str) -> list[Region]:
    """Return the regions of a workspace, in the order of their names."""
    rows = db.exec(select(RegionRow).where(RegionRow.team_id == team).order_by(col(RegionRow.name), col(RegionRow.id)))
    return [_region(row) for row in rows]


def region(db: Session, team: str, region_id: str) -> Region | None:
    """Return one region of this workspace."""
    row = db.get(RegionRow, (team, region_id))
    return _region(row) if row else None


def save_region(db: Session, team: str, name: str, channel: str | None, new_id: str) -> tuple[str, bool]:
    """Make the region, or give the one of this name its channel. Returns its id and whether anything changed."""
    name = " ".join(name.split())
    row = db.exec(select(RegionRow).where(RegionRow.team_id == team, RegionRow.folded == name.casefold())).first()
    if row is None:
        db.add(RegionRow(id=new_id, team_id=team, name=name, folded=name.casefold(), channel_id=channel))
        db.flush()
        return new_id, True
    changed = channel is not None and row.channel_id != channel
    if changed:
        row.channel_id = channel
        db.add(row)
    return row.id, changed


def set_holidays(db: Session, team: str, region_id: str, holidays: str) -> bool:
    """Record where the schools of a region have their holidays ("Noord", "Midden", "Zuid", ""). False when known."""
    row = db.get(RegionRow, (team, region_id))
    if row is None or row.holidays == holidays:
        return False
    row.holidays = holidays
    db.add(row)
    return True


def _programme(row: ProgrammeRow) -> Programme:
    return Programme(row.team_id, row.language, row.timezone, row.region_word, row.secret, row.bot_user, row.bot_id)


def _region(row: RegionRow) -> Region:
    return Region(row.id, row.name, row.channel_id, row.digest_weekday, row.digest_time, row.holidays)
