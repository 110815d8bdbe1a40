"""Finding a theme: by its id, by any of its names, and as the one that it became."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import func, text
from sqlmodel import Session, col, select

from bot.harvest import Theme, final, variants
from bot.harvest.words import folded as plain
from bot.themes import families
from storage.themes.rows import ImpressionThemeRow, ThemeAliasRow, ThemeRow


def themes(db: Session, team: str) -> list[Theme]:
    """Return every active theme, in the order of their ids, with its aliases and those of what was merged into it."""
    everything = lineage(db, team)
    inherited: dict[str, list[str]] = {}
    for theme in everything:
        if theme.status == "merged":
            inherited.setdefault(final(theme.id, everything), []).extend([theme.name, *theme.aliases])
    return [
        replace(theme, aliases=tuple(n for n in dict.fromkeys([*theme.aliases, *inherited.get(theme.id, ())])
                                     if n != theme.name))
        for theme in everything
        if theme.status == "active"
    ]  # fmt: skip


def lineage(db: Session, team: str) -> list[Theme]:
    """Return every theme of a workspace, also those that were merged into another and those somebody practised on."""
    rows = db.exec(select(ThemeRow).where(ThemeRow.team_id == team).order_by(ThemeRow.id)).all()
    names: dict[str, list[str]] = {row.id: [] for row in rows}
    for alias in db.exec(select(ThemeAliasRow).where(ThemeAliasRow.team_id == team).order_by(col(ThemeAliasRow.id))):
        names[alias.theme_id].append(alias.alias)
    return [
        _theme(row.id, row.name, row.short_name, row.criterion, row.status, row.merged_into, names[row.id])
        for row in rows
    ]


def living(db: Session, team: str) -> dict[str, str]:
    """Return, for each theme that went on in another, the id of the one that stands for it now."""
    query = select(ThemeRow.id, ThemeRow.merged_into).where(
        ThemeRow.team_id == team, col(ThemeRow.merged_into).is_not(None)
    )
    into = {theme: other for theme, other in db.exec(query) if other}
    found = {}
    for theme in into:
        at, seen = theme, {theme}
        while at in into and into[at] not in seen:
            at = into[at]
            seen.add(at)
        found[theme] = at
    return found


def theme_for(db: Session, team: str, name: str, short_name: str, aliases: Sequence[str], new_id: str) -> str:
    """Return the id of the theme that goes by one of these names, or of a new one; names not yet known are added.

    A theme that was merged into another stands for that one.
    """
    wanted = list(dict.fromkeys(filter(None, [name, short_name, *aliases])))
    folded = {alias.casefold(): alias for alias in wanted}
    query = select(ThemeAliasRow).where(
        ThemeAliasRow.team_id == team,
        col(ThemeAliasRow.folded).in_(list(folded)),
    )
    known = {row.folded: row.theme_id for row in db.exec(query)}
    theme_id = known.get(name.casefold()) or next((known[f] for f in folded if f in known), None)
    if theme_id is None:
        theme_id = new_id
        db.add(ThemeRow(id=theme_id, team_id=team, name=name, short_name=short_name))
        db.flush()
    else:
        theme_id = _living(db, team, theme_id)
    for key, alias in folded.items():
        if key not in known:
            db.add(ThemeAliasRow(team_id=team, theme_id=theme_id, alias=alias, folded=key))
    db.flush()
    return theme_id


def goes_by(db: Session, team: str, name: str) -> bool:
    """Say whether an active theme goes by exactly this name: its own, a short one, another, or one between brackets."""
    return any(plain(name) == plain(known) for theme in themes(db, team) for known in variants(theme))


def earlier_impressions(db: Session, team: str, names: Sequence[str]) -> dict[str, int]:
    """Count, per name that somebody typed, the impressions kept so far under the theme that goes by it."""
    folded = {name.casefold(): name for name in names}
    query = (
        select(ThemeAliasRow.folded, func.count())
        .join(ImpressionThemeRow, col(ImpressionThemeRow.theme_id) == ThemeAliasRow.theme_id)
        .where(
            ThemeAliasRow.team_id == team,
            ImpressionThemeRow.team_id == team,
            col(ThemeAliasRow.folded).in_(list(folded)),
        )
        .group_by(ThemeAliasRow.folded)
    )
    return {folded[alias]: number for alias, number in db.exec(query)}


def short_names(db: Session, team: str, names: Sequence[str]) -> dict[str, str]:
    """Return the short name of the theme that has exactly this name, per name that somebody typed."""
    query = select(ThemeRow.name, ThemeRow.short_name).where(ThemeRow.team_id == team, col(ThemeRow.name).in_(names))
    return {name: short for name, short in db.exec(query) if short}


def _living(db: Session, team: str, theme_id: str) -> str:
    """Follow merges to the theme that stands for this one; a circle stays where it is."""
    seen = {theme_id}
    while (row := db.get(ThemeRow, (team, theme_id))) and row.merged_into and row.merged_into not in seen:
        theme_id = row.merged_into
        seen.add(theme_id)
    return theme_id


_REMEMBERED = text("""
SELECT t.id, t.name, t.short_name, t.criterion, t.status, t.merged_into, a.alias, m.number
FROM theme t
LEFT JOIN theme_alias a ON a.team_id = t.team_id AND a.theme_id = t.id
LEFT JOIN (
    SELECT theme_id, count(DISTINCT source) AS number FROM (
        SELECT p.theme_id AS theme_id, s.id AS source
        FROM topic p JOIN work_session s ON s.team_id = p.team_id AND s.id = p.work_session_id
        WHERE s.team_id = :team AND s.state = 'grouped'
          AND (substr(s.channel_id, 1, 1) <> 'D' OR s.created_by = :practising)
        UNION ALL
        SELECT it.theme_id, i.material_id
        FROM impression_theme it JOIN impression i ON i.team_id = it.team_id AND i.id = it.impression_id
        WHERE it.team_id = :team AND i.material_id IS NOT NULL AND i.withdrawn_at IS NULL
    ) AS found GROUP BY theme_id
) m ON m.theme_id = t.id
WHERE t.team_id = :team ORDER BY t.id, a.id
""")


def remembered(db: Session, team: str, theme_ids: Sequence[str], practising: str = "") -> Counter[str]:
    """Count for each of these themes the earlier sessions and documents that there are of it; one query.

    Merged and renamed themes count with the one they became. A theme without memory counts zero. `practising` is the
    user id of somebody in a practice session: their own earlier ones count too, and nobody else's.
    """
    found: dict[str, Theme] = {}
    numbers: dict[str, int] = {}
    for row in db.connection().execute(_REMEMBERED, {"team": team, "practising": practising}):
        known = found[row.id].aliases if row.id in found else ()
        names = [*known, row.alias] if row.alias else known
        found[row.id] = _theme(row.id, row.name, row.short_name, row.criterion, row.status, row.merged_into, names)
        numbers[row.id] = row.number or 0
    if not any(numbers.values()):
        return Counter()
    root = families(list(found.values()))
    whole: Counter[str] = Counter()
    for theme_id, number in numbers.items():
        whole[root[theme_id]] += number
    return Counter({theme_id: whole[root[theme_id]] for theme_id in theme_ids if theme_id in root})


def _theme(
    theme_id: str,
    name: str,
    short_name: str,
    criterion: str,
    status: Any,
    merged_into: str | None,
    names: Sequence[str],
) -> Theme:
    aliases = tuple(alias for alias in names if alias != name)
    return Theme(theme_id, name, short_name, aliases, criterion, status, merged_into)
