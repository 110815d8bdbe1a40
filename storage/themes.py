"""Themes that live longer than a session, with the other names people use for them."""

from collections.abc import Sequence

from sqlalchemy import UniqueConstraint, func
from sqlmodel import Field, Session, SQLModel, col, select

from bot.harvest.records import Theme


class ThemeRow(SQLModel, table=True):
    """A theme. Its id never changes and is never used again."""

    __tablename__ = "theme"
    id: str = Field(primary_key=True)
    team_id: str = Field(index=True)
    name: str
    short_name: str = ""
    criterion: str = ""
    status: str = "active"
    merged_into: str | None = Field(default=None, foreign_key="theme.id")


class ThemeAliasRow(SQLModel, table=True):
    """A name under which a theme is found: its own, its short one, or another."""

    __tablename__ = "theme_alias"
    __table_args__ = (UniqueConstraint("team_id", "folded"),)
    id: int | None = Field(default=None, primary_key=True)
    team_id: str
    theme_id: str = Field(foreign_key="theme.id", index=True)
    alias: str
    folded: str


class ImpressionThemeRow(SQLModel, table=True):
    """A theme that an impression is about: of its group's topics, or found by the engine."""

    __tablename__ = "impression_theme"
    impression_id: str = Field(primary_key=True, foreign_key="impression.id")
    theme_id: str = Field(primary_key=True, foreign_key="theme.id", index=True)
    team_id: str


def themes(db: Session, team: str) -> list[Theme]:
    """Return every active theme with its aliases, in the order of their ids."""
    rows = db.exec(
        select(ThemeRow).where(ThemeRow.team_id == team, ThemeRow.status == "active").order_by(ThemeRow.id)
    ).all()
    names: dict[str, list[str]] = {row.id: [] for row in rows}
    for alias in db.exec(select(ThemeAliasRow).where(ThemeAliasRow.team_id == team).order_by(col(ThemeAliasRow.id))):
        if alias.theme_id in names:
            names[alias.theme_id].append(alias.alias)
    return [
        Theme(row.id, row.name, row.short_name, tuple(a for a in names[row.id] if a != row.name), row.criterion)
        for row in rows
    ]


def theme_for(db: Session, team: str, name: str, short_name: str, aliases: Sequence[str], new_id: str) -> str:
    """Return the id of the theme that goes by one of these names, or of a new one; names not yet known are added."""
    wanted = list(dict.fromkeys(filter(None, [name, short_name, *aliases])))
    folded = {alias.casefold(): alias for alias in wanted}
    query = select(ThemeAliasRow).where(ThemeAliasRow.team_id == team, col(ThemeAliasRow.folded).in_(list(folded)))
    known = {row.folded: row.theme_id for row in db.exec(query)}
    theme_id = known.get(name.casefold()) or next((known[f] for f in folded if f in known), None)
    if theme_id is None:
        theme_id = new_id
        db.add(ThemeRow(id=theme_id, team_id=team, name=name, short_name=short_name))
        db.flush()
    for key, alias in folded.items():
        if key not in known:
            db.add(ThemeAliasRow(team_id=team, theme_id=theme_id, alias=alias, folded=key))
    db.flush()
    return theme_id


def earlier_impressions(db: Session, team: str, names: Sequence[str]) -> dict[str, int]:
    """Count, per name that somebody typed, the impressions kept so far under the theme that goes by it."""
    folded = {name.casefold(): name for name in names}
    query = (
        select(ThemeAliasRow.folded, func.count())
        .join(ImpressionThemeRow, col(ImpressionThemeRow.theme_id) == ThemeAliasRow.theme_id)
        .where(ThemeAliasRow.team_id == team, col(ThemeAliasRow.folded).in_(list(folded)))
        .group_by(ThemeAliasRow.folded)
    )
    return {folded[alias]: number for alias, number in db.exec(query)}
