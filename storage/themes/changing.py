"""What people make of themes: names, criterion, merges and splits, with the trail of it and the way back."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import String, bindparam, delete, text, update
from sqlmodel import Session, col, select

from bot.harvest import Theme
from bot.harvest.words import folded
from bot.themes import Act, Card, Change
from bot.themes.deciding import Named
from storage.themes import articles, proposing, teaching
from storage.themes.finding import lineage
from storage.themes.rows import (
    ImpressionThemeRow,
    ThemeAliasRow,
    ThemeCandidateRow,
    ThemeChangeRow,
    ThemeExampleRow,
    ThemePlacementRow,
    ThemeRow,
)

_COUNTS = text(
    "SELECT x.theme_id, count(*) AS number FROM impression_theme x"
    " JOIN impression i ON i.team_id = x.team_id AND i.id = x.impression_id"
    " WHERE x.team_id = :team AND i.withdrawn_at IS NULL GROUP BY x.theme_id"
)
_NOTES_OF = text(
    "SELECT DISTINCT x.impression_id, i.created_at FROM impression_theme x"
    " JOIN impression i ON i.team_id = x.team_id AND i.id = x.impression_id"
    " WHERE x.team_id = :team AND x.theme_id IN :themes AND i.withdrawn_at IS NULL ORDER BY i.created_at DESC,"
    " x.impression_id LIMIT :most"
).bindparams(bindparam("themes", expanding=True, type_=String))
TRAIL = 50


def cards(db: Session, team: str) -> list[Card]:
    """Return every theme that stands, by name, with how many notes are about it. Three statements."""
    everything = lineage(db, team)
    by_id = {theme.id: theme for theme in everything}
    counts = {row.theme_id: row.number for row in db.connection().execute(_COUNTS, {"team": team})}
    versions = dict(db.exec(select(ThemeRow.id, ThemeRow.version).where(ThemeRow.team_id == team)).all())
    root = {theme.id: _root(theme.id, by_id) for theme in everything}
    found = []
    for theme in everything:
        if theme.status != "active":
            continue
        own = [each for each in everything if root[each.id] == theme.id]
        others = tuple(name for name in theme.aliases if name not in (theme.name, theme.short_name))
        merged = tuple(each.name for each in own if each.id != theme.id)
        total = sum(counts.get(each.id, 0) for each in own)
        found.append(
            Card(theme.id, theme.name, theme.short_name, theme.criterion, others, versions[theme.id], total, merged)
        )
    return sorted(found, key=lambda card: (folded(card.name), card.id))


def card(db: Session, team: str, theme: str) -> Card | None:
    """Return one theme that stands; a merged one stands for the one it became."""
    root = {each.id: each for each in lineage(db, team)}
    if theme not in root:
        return None
    return next((each for each in cards(db, team) if each.id == _root(theme, root)), None)


def _root(theme: str, by_id: Mapping[str, Theme]) -> str:
    seen = {theme}
    while (into := by_id[theme].merged_into) and into in by_id and into not in seen:
        theme = into
        seen.add(into)
    return theme


def names_taken(db: Session, team: str) -> dict[str, str]:
    """Return which theme that stands goes by each folded name."""
    by_id = {each.id: each for each in lineage(db, team)}
    found: dict[str, str] = {}
    for theme in by_id.values():
        if theme.status in ("active", "merged"):
            for name in filter(None, (theme.name, theme.short_name, *theme.aliases)):
                found.setdefault(folded(name), _root(theme.id, by_id))
    return found


def family(db: Session, team: str, theme: str) -> list[str]:
    """Return the ids of a theme and of everything that goes on in it."""
    by_id = {each.id: each for each in lineage(db, team)}
    return [each for each in by_id if _root(each, by_id) == theme] or [theme]


def notes_of(db: Session, team: str, theme: str, most: int = 100) -> list[str]:
    """Return the ids of the notes about a theme and about what was merged into it, newest first."""
    rows = db.connection().execute(_NOTES_OF, {"team": team, "themes": family(db, team, theme), "most": most})
    return [row.impression_id for row in rows]


def make(db: Session, team: str, theme: str, named: Named, by: str, now: datetime) -> None:
    """Write a new theme with an id that nothing else ever had."""
    db.add(ThemeRow(id=theme, team_id=team, name=named.name, short_name=named.short_name, criterion=named.criterion))
    db.flush()
    _add_names(db, team, theme, (named.name, named.short_name, *named.aliases))
    _tell(db, team, theme, Act.MADE, by, now, after=named.name)
    teaching.look_again(db, team)


def edit(db: Session, team: str, before: Card, named: Named, by: str, now: datetime) -> None:
    """Give a theme other names, another criterion or other aliases; its earlier name stays an alias."""
    if named.name != before.name:
        _tell(db, team, before.id, Act.RENAMED, by, now, before=before.name, after=named.name)
    if named.short_name != before.short_name:
        _tell(db, team, before.id, Act.SHORTENED, by, now, before=before.short_name, after=named.short_name)
    if named.criterion != before.criterion:
        _tell(db, team, before.id, Act.CRITERION, by, now, before=before.criterion, after=named.criterion)
    kept = named.aliases if named.name == before.name else (*named.aliases, before.name)
    if set(kept) != set(before.aliases):
        old, new = (json.dumps(list(each), ensure_ascii=False) for each in (before.aliases, kept))
        _tell(db, team, before.id, Act.ALIASED, by, now, before=old, after=new)
    _write(db, team, before.id, named.name, named.short_name, named.criterion, kept)
    teaching.look_again(db, team)


def _write(db: Session, team: str, theme: str, name: str, short: str, criterion: str, aliases: Sequence[str]) -> None:
    row = db.get(ThemeRow, (team, theme))
    assert row is not None
    row.name, row.short_name, row.criterion, row.version = name, short, criterion, row.version + 1
    db.add(row)
    db.connection().execute(
        delete(ThemeAliasRow).where(col(ThemeAliasRow.team_id) == team, col(ThemeAliasRow.theme_id) == theme)
    )
    db.flush()
    _add_names(db, team, theme, (name, short, *aliases))


def _add_names(db: Session, team: str, theme: str, names: Sequence[str]) -> None:
    keys = {name.casefold(): name for name in names if name}
    query = select(ThemeAliasRow.folded).where(ThemeAliasRow.team_id == team, col(ThemeAliasRow.folded).in_(list(keys)))
    known = set(db.exec(query))
    for key, name in keys.items():
        if key not in known:
            db.add(ThemeAliasRow(team_id=team, theme_id=theme, alias=name, folded=key))
    db.flush()


def merge(db: Session, team: str, gone: Card, into: Card, by: str, now: datetime) -> None:
    """Let a theme go on in another: it keeps its id, its notes and its names, and every link leads to the other."""
    row, other = db.get(ThemeRow, (team, gone.id)), db.get(ThemeRow, (team, into.id))
    assert row is not None and other is not None
    row.status, row.merged_into, row.version = "merged", into.id, row.version + 1
    other.version += 1
    db.add(row)
    db.add(other)
    _tell(db, team, into.id, Act.MERGED, by, now, other=gone.id, before=gone.name, after=into.name)
    proposing.close_merges(db, team, gone.id, by, now)
    teaching.look_again(db, team)


def take_apart(
    db: Session, team: str, before: Card, new: str, named: Named, chosen: Sequence[str], by: str, now: datetime
) -> None:
    """Move some notes of a theme to a new one, because a person chose them: that teaches, and is never undone by us."""
    db.add(ThemeRow(id=new, team_id=team, name=named.name, short_name=named.short_name, criterion=named.criterion))
    db.flush()
    _add_names(db, team, new, (named.name, named.short_name, *named.aliases))
    _move(db, team, before.id, new, chosen, by, now)
    row = db.get(ThemeRow, (team, before.id))
    assert row is not None
    row.version += 1
    db.add(row)
    _tell(db, team, before.id, Act.SPLIT, by, now, other=new, before=before.name, after=named.name, moved=chosen)
    teaching.look_again(db, team)


def _move(db: Session, team: str, old: str, new: str, chosen: Sequence[str], by: str, now: datetime) -> None:
    olds = family(db, team, old)
    for note in chosen:
        teaching.confirm(db, team, note, new, by, now, refused=olds)
    for each in olds:
        articles.replace_theme(db, team, each, new, chosen)


def trail(db: Session, team: str, theme: str) -> list[Change]:
    """Return what became of a theme, newest first."""
    query = select(ThemeChangeRow).where(ThemeChangeRow.team_id == team, ThemeChangeRow.theme_id == theme)
    return [_change(row) for row in db.exec(query.order_by(col(ThemeChangeRow.id).desc()).limit(TRAIL))]


def undo(db: Session, team: str, change: Change, by: str, now: datetime) -> None:
    """Take back what was done to a theme; the trail goes on saying that it was done, and by whom it was undone."""
    row = db.get(ThemeRow, (team, change.theme))
    assert row is not None
    names = db.exec(
        select(ThemeAliasRow.alias).where(ThemeAliasRow.team_id == team, ThemeAliasRow.theme_id == row.id)
    ).all()
    aliases = [name for name in names if name not in (row.name, row.short_name)]
    if change.act is Act.MADE:
        _unmake(db, team, row)
    elif change.act is Act.MERGED and change.other:
        gone = db.get(ThemeRow, (team, change.other))
        assert gone is not None
        gone.status, gone.merged_into, gone.version = "active", None, gone.version + 1
        row.version += 1
        db.add(gone)
        db.add(row)
    elif change.act is Act.SPLIT and change.other:
        _back(db, team, change, by, now)
        row.version += 1
        db.add(row)
    elif change.act is Act.RENAMED:
        others = [name for name in aliases if name != change.before] + [change.after]
        _write(db, team, row.id, change.before, row.short_name, row.criterion, others)
    elif change.act is Act.SHORTENED:
        _write(db, team, row.id, row.name, change.before, row.criterion, aliases)
    elif change.act is Act.CRITERION:
        _write(db, team, row.id, row.name, row.short_name, change.before, aliases)
    elif change.act is Act.ALIASED:
        _write(db, team, row.id, row.name, row.short_name, row.criterion, json.loads(change.before))
    told = update(ThemeChangeRow).where(col(ThemeChangeRow.team_id) == team, col(ThemeChangeRow.id) == change.id)
    db.connection().execute(told.values(undone_by=by))
    db.flush()
    teaching.look_again(db, team)


def _unmake(db: Session, team: str, row: ThemeRow) -> None:
    """A theme that was made by mistake is a proposal again: no note stands under it, and its names are free."""
    under = select(ImpressionThemeRow.impression_id).where(
        ImpressionThemeRow.team_id == team, ImpressionThemeRow.theme_id == row.id
    )
    db.connection().execute(
        update(ThemePlacementRow)
        .where(col(ThemePlacementRow.team_id) == team, col(ThemePlacementRow.impression_id).in_(under))
        .values(version=0)
    )
    for table in (ImpressionThemeRow, ThemeCandidateRow, ThemeExampleRow, ThemeAliasRow):
        db.connection().execute(delete(table).where(col(table.team_id) == team, col(table.theme_id) == row.id))
    row.status, row.version = "proposed", row.version + 1
    db.add(row)
    db.flush()
    proposing.reopen(db, team, row.id)


def _back(db: Session, team: str, change: Change, by: str, now: datetime) -> None:
    """What was taken apart becomes one again: the notes go back, and the new theme goes on in the old one."""
    new = change.other or ""
    for note in change.notes:
        db.connection().execute(
            delete(ThemeExampleRow).where(
                col(ThemeExampleRow.team_id) == team,
                col(ThemeExampleRow.impression_id) == note,
                col(ThemeExampleRow.theme_id).in_([change.theme, new]),
            )
        )
        moved = db.connection().execute(
            delete(ImpressionThemeRow).where(
                col(ImpressionThemeRow.team_id) == team,
                col(ImpressionThemeRow.impression_id) == note,
                col(ImpressionThemeRow.theme_id) == new,
            )
        )
        if moved.rowcount:
            teaching.confirm(db, team, note, change.theme, by, now)
    row = db.get(ThemeRow, (team, new))
    assert row is not None
    row.status, row.merged_into, row.version = "merged", change.theme, row.version + 1
    db.add(row)
    db.flush()


def _tell(
    db: Session,
    team: str,
    theme: str,
    act: Act,
    by: str,
    now: datetime,
    *,
    other: str | None = None,
    before: str = "",
    after: str = "",
    moved: Sequence[str] = (),
) -> None:
    db.add(
        ThemeChangeRow(
            team_id=team, theme_id=theme, other_id=other, kind=act.value, before=before, after=after,
            notes=json.dumps(list(moved)), by_user=by, at=now,
        )
    )  # fmt: skip
    db.flush()


def _change(row: ThemeChangeRow) -> Change:
    return Change(
        row.id or 0, row.theme_id, Act(row.kind), row.by_user, row.at, row.other_id, row.before, row.after,
        tuple(json.loads(row.notes)), row.undone_by,
    )  # fmt: skip
