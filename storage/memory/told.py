"""What each answer tells of: places, never words, so that an answer follows what it rests on."""

from collections.abc import Collection, Sequence

from sqlalchemy import Index, delete
from sqlmodel import Field, Session, col, select

from bot.memory.records import Answer, SourceKind
from bot.promises import fingerprint
from storage.harvest import ArticleRow, ArticleSentenceRow
from storage.impressions import ImpressionRow
from storage.memory.asked import Asked
from storage.memory.trailed import Spot, words_now
from storage.rows import Row


class QuestionSourceRow(Row, table=True):
    """A place that an answer tells of, and by what its words are known; `shown` is whether they fitted in it."""

    __tablename__ = "question_source"
    __table_args__ = (Index("ix_question_source_impression", "team_id", "impression_id"),)
    question_id: str = Field(primary_key=True, foreign_key="question.id")
    position: int = Field(primary_key=True)
    team_id: str
    kind: str
    ref: str
    impression_id: str
    field: str
    start: int
    end: int
    mark: str = ""
    shown: bool = True


def save_sources(db: Session, asked: Asked, answer: Answer | None) -> None:
    """Keep the places that an answer tells of, instead of those it told of before."""
    db.connection().execute(
        delete(QuestionSourceRow).where(
            col(QuestionSourceRow.team_id) == asked.team, col(QuestionSourceRow.question_id) == asked.id
        )
    )
    for position, source in enumerate(answer.sources if answer else ()):
        impression, field, start, end = source.place
        db.add(
            QuestionSourceRow(
                question_id=asked.id,
                position=position,
                team_id=asked.team,
                kind=source.kind.value,
                ref=source.ref,
                impression_id=impression,
                field=field,
                start=start,
                end=end,
                mark=fingerprint(source.text) if source.text else "",
                shown=bool(source.text),
            )
        )
    db.flush()


Place = tuple[SourceKind, str, str, str, int, int, bool]
"""Kind, ref, impression, field, start, end, and whether its words are shown."""


def places(db: Session, team: str, question_id: str) -> list[tuple[int, Place]]:
    """Return what an answer tells of, in order, each with its number in the answer (from 1)."""
    query = select(QuestionSourceRow).where(
        QuestionSourceRow.team_id == team, QuestionSourceRow.question_id == question_id
    )
    rows = db.exec(query.order_by(col(QuestionSourceRow.position)))
    return [
        (
            row.position + 1,
            (SourceKind(row.kind), row.ref, row.impression_id, row.field, row.start, row.end, row.shown),
        )
        for row in rows
    ]


def answers_with(db: Session, team: str, impressions: Collection[str]) -> list[str]:
    """Return the ids of questions whose answer tells something of one of these impressions."""
    query = select(QuestionSourceRow.question_id).where(
        QuestionSourceRow.team_id == team, col(QuestionSourceRow.impression_id).in_(sorted(impressions))
    )
    return sorted(set(db.exec(query)))


def is_behind(db: Session, team: str) -> bool:
    """Say whether an answer tells something that was withdrawn or changed since."""
    return bool(_behind(db, team))


def follow(db: Session, team: str) -> list[str]:
    """Let the answers of a workspace follow their sources: what was withdrawn is told no longer.

    Returns the ids of the questions of which the answer says something else now.
    """
    changed = set()
    for row, words in _behind(db, team):
        row.mark = fingerprint(words)
        if words:
            db.add(row)
        else:
            db.delete(row)
        changed.add(row.question_id)
    db.flush()
    return sorted(changed)


def _behind(db: Session, team: str) -> list[tuple[QuestionSourceRow, str]]:
    """The shown sources that stand as they were no longer, each with its words now."""
    query = select(QuestionSourceRow).where(QuestionSourceRow.team_id == team, col(QuestionSourceRow.shown).is_(True))
    rows = db.exec(query).all()
    now = {**_sentences_now(db, team, rows), **_notes_now(db, team, rows), **_trail_now(db, team, rows)} if rows else {}
    said = [(row, now.get((row.question_id, row.position), "")) for row in rows]
    return [(row, words) for row, words in said if not words or fingerprint(words) != row.mark]


def _sentences_now(db: Session, team: str, rows: Sequence[QuestionSourceRow]) -> dict[tuple[str, int], str]:
    wanted = {(row.question_id, row.position): row.ref for row in rows if row.kind == SourceKind.SENTENCE}
    query = (
        select(ArticleSentenceRow.id, ArticleSentenceRow.text)
        .join(ArticleRow, col(ArticleRow.id) == ArticleSentenceRow.article_id)
        .where(
            ArticleSentenceRow.team_id == team,
            ArticleRow.team_id == team,
            ArticleRow.state == "published",
            col(ArticleSentenceRow.id).in_(sorted(set(wanted.values()))),
        )
    )
    texts: dict[str, str] = dict(db.exec(query).all()) if wanted else {}
    return {at: texts.get(ref, "") for at, ref in wanted.items()}


def _notes_now(db: Session, team: str, rows: Sequence[QuestionSourceRow]) -> dict[tuple[str, int], str]:
    wanted = [row for row in rows if row.kind in (SourceKind.PASSAGE, SourceKind.OWN)]
    query = select(ImpressionRow).where(
        ImpressionRow.team_id == team, col(ImpressionRow.id).in_(sorted({row.impression_id for row in wanted}))
    )
    notes = {note.id: note for note in db.exec(query)} if wanted else {}
    return {
        (row.question_id, row.position): str(getattr(notes[row.impression_id], row.field))[row.start : row.end]
        for row in wanted
        if row.impression_id in notes
    }


def _trail_now(db: Session, team: str, rows: Sequence[QuestionSourceRow]) -> dict[tuple[str, int], str]:
    wanted: dict[tuple[str, int], Spot] = {
        (row.question_id, row.position): (row.ref, row.field, row.start, row.end)
        for row in rows
        if row.kind == SourceKind.TRAIL
    }
    said = words_now(db, team, list(wanted.values()))
    return {at: said[spot] for at, spot in wanted.items() if spot in said}
