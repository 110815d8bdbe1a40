"""What must hold after every crash: twelve checks that read the database file and what stands at Slack.

Each returns what is wrong, as sentences; nothing wrong is an empty list. `check` runs all of them.
"""

from __future__ import annotations

import hashlib
import hmac
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from storage.moments import packed
from tests.faults.slack import Post

DONE = ("sent", "parked", "dropped")
OF_NO_WORKSPACE = frozenset({"occurrence"})
"""Where an empty team stands for the whole installation: housekeeping that is done once for all."""
CHILDREN = (
    ("seat", "group_id", "group"),
    ("seat", "work_session_id", "work_session"),
    ("group", "work_session_id", "work_session"),
    ("group_topic", "group_id", "group"),
    ("group_topic", "topic_id", "topic"),
    ("topic", "work_session_id", "work_session"),
    ("pick", "work_session_id", "work_session"),
    ("pick", "topic_id", "topic"),
    ("work_session_region", "work_session_id", "work_session"),
    ("impression", "work_session_id", "work_session"),
    ("impression", "group_id", "group"),
    ("sign_off", "impression_id", "impression"),
    ("article", "work_session_id", "work_session"),
    ("article_sentence", "article_id", "article"),
    ("digest_item", "digest_id", "digest"),
    ("promise_event", "promise_id", "promise"),
)
"""A row of the first table belongs to one of the last, named in that column (which may be empty)."""

Effect = Callable[[sqlite3.Connection, str], bool]
"""Says whether what a dedupe key stands for was done."""


@dataclass(frozen=True)
class Evidence:
    """What is looked at: the file, what stands at Slack, the moment, texts that were deleted, what keys stand for."""

    database: Path
    posts: Sequence[Post]
    now: datetime
    gone: Sequence[str] = ()
    effects: Effect | None = None

    def rows(self, query: str, *values: object) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as connection:
            return list(connection.execute(query, values))


def one_pick_one_seat_one_duty(found: Evidence) -> list[str]:
    """INV1: one pick that counts and one seat per member and session, nobody leads or writes for two groups."""
    wrong = []
    for table in ("pick", "seat"):
        for session, user, many in found.rows(
            f'SELECT work_session_id, user_id, count(*) FROM "{table}" GROUP BY 1, 2 HAVING count(*) > 1'
        ):
            wrong.append(f"{user} has {many} rows in {table} of {session}")
    for duty in ("facilitator", "note_taker"):
        for session, user, many in found.rows(
            f'SELECT work_session_id, {duty}, count(*) FROM "group" WHERE {duty} IS NOT NULL GROUP BY 1, 2 '
            "HAVING count(*) > 1"
        ):
            wrong.append(f"{user} is {duty} of {many} groups of {session}")
    for session, number, many in found.rows(
        'SELECT work_session_id, number, count(*) FROM "group" GROUP BY 1, 2 HAVING count(*) > 1'
    ):
        wrong.append(f"group {number} of {session} is there {many} times")
    return wrong


def one_row_per_key(found: Evidence) -> list[str]:
    """INV2: every message is owed once."""
    query = "SELECT team_id, key, count(*) FROM outbox GROUP BY 1, 2 HAVING count(*) > 1"
    return [f"{key} of {team} is owed {many} times" for team, key, many in found.rows(query)]


def sent_has_a_ts(found: Evidence) -> list[str]:
    """INV3: of what was sent is known where it stands; what was posted and changed really stands there."""
    wrong = [
        f"{key} was sent, nobody knows where"
        for (key,) in found.rows("SELECT key FROM outbox WHERE state = 'sent' AND (ts IS NULL OR ts = '')")
    ]
    there = {(post.channel, post.ts) for post in found.posts}
    for key, channel, ts in found.rows(
        "SELECT key, posted_channel, ts FROM outbox WHERE state = 'sent' AND operation = 'post'"
    ):
        if (channel, ts) not in there:
            wrong.append(f"{key} does not stand at {channel} {ts}")
    return wrong


def no_post_without_a_row(found: Evidence) -> list[str]:
    """INV4: whatever stands at Slack was owed."""
    known = _marks(found)
    return [
        f"nobody owed {post.text[:40]!r} in {post.channel}"
        for post in found.posts
        if not post.files and known.get(post.mark) is None
    ]


def one_post_per_key(found: Evidence) -> list[str]:
    """INV5: nothing stands at Slack twice."""
    marks = Counter(post.mark for post in found.posts if post.mark)
    known = _marks(found)
    wrong = [f"{known.get(mark, mark)} stands there {many} times" for mark, many in marks.items() if many > 1]
    files = Counter((post.channel, post.thread, post.text) for post in found.posts if post.files)
    return wrong + [
        f"the file of {text[:40]!r} is there {many} times" for (_, _, text), many in files.items() if many > 1
    ]


def nothing_sending_past_its_lease(found: Evidence) -> list[str]:
    """INV6: what is being sent is in somebody's hands."""
    query = "SELECT key FROM outbox WHERE state = 'sending' AND (lease_until IS NULL OR lease_until < ?)"
    return [f"{key} is in nobody's hands" for (key,) in found.rows(query, packed(found.now))]


def every_key_with_its_effect(found: Evidence) -> list[str]:
    """INV7: what was handled once has its effect, and what was owed by now became of what it becomes."""
    wrong = [
        f"{key} was handled {many} times"
        for key, many in found.rows("SELECT key, count(*) FROM inbox GROUP BY team_id, key HAVING count(*) > 1")
    ]
    if found.effects is not None:
        with closing(sqlite3.connect(f"file:{found.database}?mode=ro", uri=True)) as connection:
            for (key,) in found.rows("SELECT key FROM inbox"):
                if not found.effects(connection, str(key)):
                    wrong.append(f"{key} was handled and has no effect")
    states = ", ".join(f"'{state}'" for state in DONE)
    query = f"SELECT key, state, error FROM outbox WHERE state NOT IN ({states}) AND not_before <= ?"
    return wrong + [f"{key} is still {state} {error}" for key, state, error in found.rows(query, packed(found.now))]


def one_occurrence_per_period(found: Evidence) -> list[str]:
    """INV8: a rule is due once in a period."""
    query = "SELECT rule_id, period_key, count(*) FROM occurrence GROUP BY team_id, 1, 2 HAVING count(*) > 1"
    return [f"{rule} was due {many} times in {period}" for rule, period, many in found.rows(query)]


def no_child_without_parent(found: Evidence) -> list[str]:
    """INV9: what belongs to something has it."""
    wrong = [f"{table} {row} has no {parent}" for table, row, parent, _ in found.rows("PRAGMA foreign_key_check")]
    for child, column, parent in CHILDREN:
        for (many,) in found.rows(
            f'SELECT count(*) FROM "{child}" c WHERE c."{column}" IS NOT NULL AND c."{column}" != \'\' '
            f'AND NOT EXISTS (SELECT 1 FROM "{parent}" p WHERE p.id = c."{column}")'
        ):
            if many:
                wrong.append(f"{many} rows of {child} have no {parent}")
    for key, above in found.rows(
        "SELECT c.key, coalesce(c.thread_key, c.target_key) FROM outbox c WHERE coalesce(c.thread_key, c.target_key) "
        "IS NOT NULL AND NOT EXISTS (SELECT 1 FROM outbox p WHERE p.team_id = c.team_id "
        "AND p.key = coalesce(c.thread_key, c.target_key))"
    ):
        wrong.append(f"{key} is about {above}, which nobody owed")
    return wrong


def every_row_has_its_workspace(found: Evidence) -> list[str]:
    """INV10: no row without a workspace."""
    wrong = []
    for (table,) in found.rows("SELECT name FROM sqlite_master WHERE type = 'table'"):
        columns = [str(each[1]) for each in found.rows(f'PRAGMA table_info("{table}")')]
        if "team_id" not in columns:
            continue
        empty = "" if table in OF_NO_WORKSPACE else " OR team_id = ''"
        for (many,) in found.rows(f'SELECT count(*) FROM "{table}" WHERE team_id IS NULL{empty}'):
            if many:
                wrong.append(f"{many} rows of {table} belong to no workspace")
    return wrong


def the_trail_is_unbroken(found: Evidence) -> list[str]:
    """INV11: every deed names the one before it, and the head is the last of them."""
    if not found.rows("SELECT 1 FROM sqlite_master WHERE name = 'audit'"):
        return ["there is no trail"]
    wrong, last = [], dict[object, tuple[object, object]]()
    for team, number, previous, own in found.rows("SELECT team_id, number, previous, hash FROM audit ORDER BY 1, 2"):
        if team in last and last[team] != (int(str(number)) - 1, previous):
            wrong.append(f"deed {number} of {team} does not follow the one before it")
        last[team] = (number, own)
    heads = {team: (number, own) for team, number, own in found.rows("SELECT team_id, number, hash FROM audit_head")}
    return wrong + [f"the trail of {team} was cut" for team in last.keys() | heads if last.get(team) != heads.get(team)]


def nothing_of_what_was_deleted(found: Evidence) -> list[str]:
    """INV12: words that were deleted are in no file of the database, and do not stand at Slack."""
    wrong = []
    folder, name = found.database.parent, found.database.name
    for file in sorted(each for each in folder.iterdir() if each.name.startswith(name)):
        content = file.read_bytes()
        wrong += [f"{text!r} is in {file.name}" for text in found.gone if text.encode() in content]
    for text in found.gone:
        wrong += [f"{text!r} stands in {post.channel}" for post in found.posts if text in post.text]
    return wrong


Invariant = Callable[[Evidence], list[str]]
INVARIANTS: dict[int, Invariant] = {
    1: one_pick_one_seat_one_duty,
    2: one_row_per_key,
    3: sent_has_a_ts,
    4: no_post_without_a_row,
    5: one_post_per_key,
    6: nothing_sending_past_its_lease,
    7: every_key_with_its_effect,
    8: one_occurrence_per_period,
    9: no_child_without_parent,
    10: every_row_has_its_workspace,
    11: the_trail_is_unbroken,
    12: nothing_of_what_was_deleted,
}


def check(found: Evidence, numbers: Iterable[int] = INVARIANTS) -> list[str]:
    """Return everything that is wrong, with the number of the invariant that says so."""
    return [f"INV{number}: {problem}" for number in numbers for problem in INVARIANTS[number](found)]


def _marks(found: Evidence) -> dict[str, str]:
    """Every mark that a message of ours can carry, with its key."""
    secrets = {team: str(secret) for team, secret in found.rows("SELECT team_id, secret FROM programme")}
    known = {}
    for team, key in found.rows("SELECT team_id, key FROM outbox"):
        secret = secrets[team].encode()
        known[hmac.new(secret, str(key).encode(), hashlib.sha256).hexdigest()[:32]] = str(key)
    return known
