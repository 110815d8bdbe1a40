"""Which theme each sentence of an article is about: worked out when the article is saved, unless a person said it."""

from collections.abc import Mapping, Sequence

from sqlalchemy import String, bindparam, text
from sqlmodel import Session, col, select

from bot.article import Sentence
from bot.harvest import Theme, final
from bot.impressions import PARTS, Impression
from bot.themes import themes_of_sentences
from storage.themes.finding import lineage
from storage.themes.rows import ImpressionThemeRow

_UNDER = text(
    "SELECT s.id FROM article_sentence s JOIN article a ON a.team_id = s.team_id AND a.id = s.article_id"
    " WHERE s.team_id = :team AND s.theme_id IN :themes AND a.state = 'published'"
    " ORDER BY a.published_at DESC, s.position LIMIT :most"
).bindparams(bindparam("themes", expanding=True, type_=String))

Said = tuple[str | None, str]
"""A theme id, and the user id of who said so; "" for the engine."""

_KNOWN = text("SELECT id, theme_id, theme_by FROM article_sentence WHERE team_id = :team AND article_id = :article")
_SET = text(
    "UPDATE article_sentence SET theme_id = :theme, theme_by = :by WHERE team_id = :team AND id = :id"
    " AND article_id IN (SELECT id FROM article WHERE team_id = :team)"
)
_REPLACE = text(
    "UPDATE article_sentence SET theme_id = :new WHERE team_id = :team AND theme_id = :old AND impression_id IN :notes"
).bindparams(bindparam("notes", expanding=True, type_=String))


def of_sentences(
    db: Session, team: str, article: str, sentences: Sequence[Sentence], stored: Mapping[str, Impression]
) -> dict[str, Said]:
    """Return the theme of each sentence by its id: what a person said stays, and so does what can be read no more.

    `stored` are the impressions of the session by id, as they are now.
    """
    known = known_of_sentences(db, team, article)
    query = select(ImpressionThemeRow).where(
        ImpressionThemeRow.team_id == team, col(ImpressionThemeRow.impression_id).in_(list(stored))
    )
    order = (col(ImpressionThemeRow.certainty).desc(), col(ImpressionThemeRow.theme_id))
    homes: dict[str, list[str]] = {}
    for row in db.exec(query.order_by(*order)):
        homes.setdefault(row.impression_id, []).append(row.theme_id)
    fresh = [s for s in sentences if _is_current(s, stored) and not known.get(s.id, (None, ""))[1]]
    several = any(len(found) > 1 for found in homes.values())
    texts = {(one.id, part): one.text(part) for one in stored.values() for part in PARTS} if several else {}
    about = themes_of_sentences([s.run for s in fresh], texts, homes, _wanted(lineage(db, team), homes))
    found = {s.id: known.get(s.id, (None, "")) for s in sentences}
    return found | {s.id: (theme, "") for s, theme in zip(fresh, about, strict=True)}


def known_of_sentences(db: Session, team: str, article: str) -> dict[str, Said]:
    """Return the theme of each sentence of an article as it is kept, by its id."""
    rows = db.connection().execute(_KNOWN, {"team": team, "article": article})
    return {row.id: (row.theme_id, row.theme_by) for row in rows}


def move_sentence(db: Session, team: str, sentence: str, theme: str | None, by: str) -> bool:
    """Put one sentence under another theme because a person said so; False where there is no such sentence."""
    values = {"team": team, "id": sentence, "theme": theme, "by": by}
    return db.connection().execute(_SET, values).rowcount == 1


def under(db: Session, team: str, themes: Sequence[str], most: int) -> list[str]:
    """Return the ids of published sentences that stand under one of these themes, of the newest articles first."""
    rows = db.connection().execute(_UNDER, {"team": team, "themes": list(themes), "most": most})
    return [row.id for row in rows]


def replace_theme(db: Session, team: str, old: str, new: str, notes: Sequence[str]) -> None:
    """Let the sentences of these impressions that stand under one theme stand under another: it was taken apart."""
    if notes:
        db.connection().execute(_REPLACE, {"team": team, "old": old, "new": new, "notes": list(notes)})


def _is_current(sentence: Sentence, stored: Mapping[str, Impression]) -> bool:
    one = stored.get(sentence.run.impression)
    return one is not None and one.version == sentence.run.version


def _wanted(everything: Sequence[Theme], homes: Mapping[str, Sequence[str]]) -> list[Theme]:
    """The themes of these impressions and what was merged into them: no sentence can be about another."""
    wanted = {final(theme, everything) for found in homes.values() for theme in found}
    return [one for one in everything if final(one.id, everything) in wanted]
