"""Weekly digests: what a thousand regions cost that are due at once, and ten new sentences after years of them.

Each is held against the plain way: reading the news anew for every region, and reading all that was ever published.
Sentences are those of the bench of the engine, made here from made-up words.
"""

from __future__ import annotations

import asyncio
import itertools
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import event, func, insert
from sqlmodel import Session, select

from bot.article import State as ArticleState
from bot.digest import Subscription, key_of
from bot.programme import Programme, Region
from bot.worksessions import State
from handlers import digest
from handlers.digest.gathering import compose_for, gather
from handlers.digest.turning import name_of
from handlers.words import catalogues
from handlers.world import World
from storage import programme, schema
from storage.database import Database
from storage.delivery import OutboxRow
from storage.digest import DigestItemRow, DigestRow, DigestStatementRow
from storage.harvest import ArticleRow, ArticleSentenceRow
from storage.impressions import ImpressionRow
from storage.programme import RegionRow
from storage.selection import GroupRow
from storage.timetable import OccurrenceRow
from storage.worksessions import WorkSessionRow
from tests.bench.harvest import make_notes

REGIONS = (10, 100, 1_000)
HISTORY = (200, 2_000, 10_000, 100_000)
NEW = 10
PER_SESSION = 100
NEWS = 40
TEAM, SECRET = "T1", "bench"
NOW = datetime(2021, 6, 22, 7, tzinfo=UTC)
WEEK = timedelta(weeks=1)
FIRST = datetime(2001, 1, 2, tzinfo=UTC)


class Still:
    """A clock that stands on a Tuesday morning."""

    def now(self) -> datetime:
        return NOW

    def monotonic(self) -> float:
        return perf_counter()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0)


class Community:
    """A workspace in a file of its own, with regions that read their last digest a week ago."""

    def __init__(self, folder: Path, regions: int) -> None:
        location = str(folder / "oogst.db")
        schema.upgrade(location)
        self.database = Database(location)
        numbers = itertools.count()
        self.world = World(
            database=self.database,
            clock=Still(),
            slack_of={TEAM: AsyncWebClient("xoxb-none")}.__getitem__,
            words=catalogues(),
            ids=lambda kind: f"{kind}_{next(numbers):06}",
            settings_language="nl",
            settings_timezone="Europe/Amsterdam",
        )
        self.settings = Programme(TEAM, "nl", "Europe/Amsterdam", "regio", SECRET, "UBOT")
        self.regions = [Region(f"rg{n:05}", f"Regio {n}", f"C{n:05}") for n in range(regions)]
        self.database.write_now(self._settle)
        self._sessions = itertools.count()
        self._sentences = itertools.count()

    def _settle(self, db: Session) -> None:
        programme.save_programme(db, self.settings)
        db.flush()
        many(db, RegionRow, [
            {"id": r.id, "team_id": TEAM, "name": r.name, "folded": r.name.casefold(), "channel_id": r.channel,
             "digest_weekday": 1, "digest_time": "09:00", "holidays": ""} for r in self.regions
        ])  # fmt: skip
        many(db, OccurrenceRow, [
            {"rule_id": name_of(r), "period_key": "2021-W24", "team_id": TEAM, "due_at": NOW - WEEK,
             "done_at": NOW - WEEK, "state": "done"} for r in self.regions
        ])  # fmt: skip
        many(db, DigestRow, [
            {"id": f"dg-{r.id}", "team_id": TEAM, "region_id": r.id, "period_key": "2021-W24", "since": NOW - 2 * WEEK,
             "until": NOW - WEEK, "silent": False, "missed": False} for r in self.regions
        ])  # fmt: skip

    def publish(self, count: int, at: datetime, *, said: bool) -> None:
        """Publish so many sentences, a session of at most a hundred each; `said`: every region has read them."""
        while count > 0:
            some = min(count, PER_SESSION)
            self.database.write_now(lambda db, some=some: self._session(db, some, at, said))
            count -= some

    def _session(self, db: Session, count: int, at: datetime, said: bool) -> None:
        number = next(self._sessions)
        session, article = f"ws{number:06}", f"ar{number:06}"
        starts = at - timedelta(days=1)
        many(db, WorkSessionRow, [
            {"id": session, "team_id": TEAM, "title": "Werksessie", "channel_id": "CWS", "starts_at": starts,
             "ends_at": starts, "timezone": "Europe/Amsterdam", "state": State.GROUPED.value, "mode": "free",
             "hidden": False, "silence": "agrees", "created_by": "ineke", "created_at": starts,
             "calendar_sequence": 0}
        ])  # fmt: skip
        groups = [f"gr{number:06}-{n}" for n in range(4)]
        many(db, GroupRow, [
            {"id": group, "team_id": TEAM, "work_session_id": session, "number": n + 1}
            for n, group in enumerate(groups)
        ])  # fmt: skip
        notes = [f"im{number:06}-{n}" for n in range(4)]
        many(db, ImpressionRow, [
            {"id": note, "team_id": TEAM, "work_session_id": session, "group_id": group, "source": "form",
             "author": "sanne", "takeaway": "", "quote": "", "question": "", "offer": "", "follows_message": False,
             "version": 1, "created_at": at, "updated_at": at}
            for note, group in zip(notes, groups, strict=True)
        ])  # fmt: skip
        many(db, ArticleRow, [
            {"id": article, "team_id": TEAM, "work_session_id": session, "state": ArticleState.PUBLISHED.value,
             "headline": "Kop", "version": 1, "edited": False, "headline_typed": False, "created_at": at,
             "updated_at": at, "published_at": at, "published_by": "ineke"}
        ])  # fmt: skip
        first = next(self._sentences) * PER_SESSION
        texts = [note.text.split(". ")[0][:250] for note in make_notes(count, first)]
        ids = [f"se{first + n:08}" for n in range(count)]
        many(db, ArticleSentenceRow, [
            {"id": one, "team_id": TEAM, "article_id": article, "position": n, "group_id": groups[n % 4],
             "part": "question" if n % 7 == 0 else "body", "text": text, "impression_id": notes[n % 4],
             "field": "takeaway", "start": 0, "end": len(text), "impression_version": 1}
            for n, (one, text) in enumerate(zip(ids, texts, strict=True))
        ])  # fmt: skip
        if said:
            base = first
            for region in self.regions:
                many(db, DigestItemRow, [
                    {"digest_id": f"dg-{region.id}", "position": base + n, "part": 1, "team_id": TEAM,
                     "region_id": region.id, "kind": "theme", "subject": one} for n, one in enumerate(ids)
                ])  # fmt: skip
            keys = {(key_of(text, SECRET), one) for one, text in zip(ids, texts, strict=True)}
            many(db, DigestStatementRow, [
                {"team_id": TEAM, "key": key, "sentence_id": one} for key, one in sorted(keys) if key
            ])  # fmt: skip

    def tick(self) -> tuple[float, int]:
        """Seconds and statements of the tick at which every region is due."""
        statements = 0

        def count(*_: Any) -> None:
            nonlocal statements
            statements += 1

        event.listen(self.database.engine, "before_cursor_execute", count)
        begun = perf_counter()
        asyncio.run(digest.tick(self.world, NOW))
        taken = perf_counter() - begun
        event.remove(self.database.engine, "before_cursor_execute", count)
        posted = self.database.read_now(
            lambda db: db.exec(select(func.count()).where(OutboxRow.kind == "digest.post")).one()
        )
        assert posted == len(self.regions), "every region got its digest"
        return taken, statements

    def plainly(self, regions: int, since: datetime) -> float:
        """Seconds of one digest when the news is read anew for each region, from this moment on."""

        def read(db: Session) -> None:
            for region in self.regions[:regions]:
                found = gather(db, self.settings, self.world.channel_words(self.settings), since, NOW)
                compose_for(db, found, region, Subscription(region.id), since)

        begun = perf_counter()
        self.database.read_now(read)
        return (perf_counter() - begun) / regions


def many(db: Session, table: Any, rows: Sequence[dict[str, Any]]) -> None:
    """Write rows at once."""
    if rows:
        db.connection().execute(insert(table), list(rows))


def fan_out(regions: int) -> tuple[float, float, float]:
    """Milliseconds and statements a region, and milliseconds where each region reads the news anew."""
    with tempfile.TemporaryDirectory(prefix="oogst-bench-") as folder:
        community = Community(Path(folder), regions)
        community.publish(NEWS, NOW - timedelta(days=3), said=False)
        plain = community.plainly(min(regions, 10), NOW - WEEK)
        seconds, statements = community.tick()
        community.database.close()
    return 1000 * seconds / regions, statements / regions, 1000 * plain


def after(history: int) -> tuple[float, float]:
    """Seconds of one region's digest with ten new sentences, and of reading all that was ever published for it."""
    with tempfile.TemporaryDirectory(prefix="oogst-bench-") as folder:
        community = Community(Path(folder), 1)
        community.publish(history, NOW - 8 * WEEK, said=True)
        community.publish(NEW, NOW - timedelta(days=3), said=False)
        seconds, _ = community.tick()
        scratch = community.plainly(1, FIRST) if history <= HISTORY[2] else 0.0
        community.database.close()
    return seconds, scratch


def figures() -> list[tuple[str, float, str, float]]:
    """Return name, value, unit and baseline, which the name gives between brackets."""
    fan_out(2)  # what is loaded once is loaded
    rows: list[tuple[str, float, str, float]] = []
    found = {count: fan_out(count) for count in REGIONS}
    for count, (taken, statements, plain) in found.items():
        rows += [
            (f"digest, {count:,} regions due: each (read anew for each)", taken, "ms", plain),
            (f"digest, {count:,} regions due: each (of 10)", taken, "ms", found[REGIONS[0]][0]),
            (f"digest, {count:,} regions due: statements each (of 10)", statements, "", found[REGIONS[0]][1]),
        ]
    small = after(HISTORY[0])
    for history in HISTORY:
        new, scratch = small if history == HISTORY[0] else after(history)
        rows.append((f"digest, {NEW} new after {history:,} (after 200)", new, "s", small[0]))
        if scratch:
            rows.append((f"digest, {NEW} new after {history:,} (all of it read)", new, "s", scratch))
    return rows


if __name__ == "__main__":
    for row in figures():
        print("{:60} {:12,.3f} {:4} {:12,.3f}".format(*row))  # noqa: T201 - a table is the point
