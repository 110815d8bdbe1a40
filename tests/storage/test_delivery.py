from datetime import UTC, datetime, timedelta

import pytest

from bot.delivery import Operation, RowState
from storage import delivery
from storage.database import Database

NOW = datetime(2021, 6, 17, 12, tzinfo=UTC)


def owe(database: Database, key: str, channel: str = "C1", **more: object) -> bool:
    settings = {"team": "T1", "kind": "test", "arguments": {"id": key}, "now": NOW, "channel": channel, **more}
    return database.write_now(lambda db: delivery.plan(db, key=key, **settings))  # type: ignore[arg-type]  # the fields of a plan


def due(database: Database, after: float = 0.0) -> list[str]:
    now = NOW + timedelta(seconds=after)
    return [p.key for p in database.read_now(lambda db: delivery.due(db, now, now - timedelta(seconds=60)))]


def claim(database: Database, key: str, attempt: int = 0) -> tuple[int, bool]:
    found = database.read_now(lambda db: delivery.parcel(db, "T1", key))
    assert found is not None
    taken = database.write_now(lambda db: delivery.claim(db, found.id, attempt, NOW, NOW + timedelta(seconds=60)))
    return found.id, taken


def test_a_message_is_owed_once_per_key(database: Database) -> None:
    assert owe(database, "a")
    assert not owe(database, "a")
    assert due(database) == ["a"]


def test_another_message_under_the_same_key_is_refused(database: Database) -> None:
    owe(database, "a")
    with pytest.raises(delivery.Conflict):
        owe(database, "a", channel="C2")


def test_each_channel_gets_its_messages_in_order_and_channels_do_not_wait_for_each_other(database: Database) -> None:
    for key, channel in [("a1", "C1"), ("a2", "C1"), ("b1", "C2"), ("a3", "C1")]:
        owe(database, key, channel)
    assert due(database) == ["a1", "b1"]
    number, _ = claim(database, "a1")
    assert due(database) == ["b1"], "what is under way holds up its channel"
    database.write_now(lambda db: delivery.record_sent(db, number, 1, "1.1", "C1", NOW))
    assert due(database) == ["a2", "b1"]


def test_a_message_that_backs_off_is_not_overtaken_in_its_channel(database: Database) -> None:
    owe(database, "a1")
    owe(database, "a2")
    number, _ = claim(database, "a1")
    database.write_now(lambda db: delivery.record_later(db, number, 1, NOW + timedelta(seconds=30), "ratelimited"))
    assert due(database) == []
    assert due(database, after=31) == ["a1"]


def test_a_message_for_later_holds_nobody_up(database: Database) -> None:
    owe(database, "a1", not_before=NOW + timedelta(days=1))
    owe(database, "a2")
    assert due(database) == ["a2"]
    assert database.read_now(lambda db: delivery.next_due(db, NOW, timedelta(seconds=60))) == NOW + timedelta(days=1)


def test_a_claim_is_fenced_by_its_attempt(database: Database) -> None:
    owe(database, "a")
    number, taken = claim(database, "a")
    assert taken
    assert claim(database, "a") == (number, False), "a second one comes too late"
    assert not database.write_now(lambda db: delivery.record_sent(db, number, 0, "1.1", "C1", NOW)), (
        "so does a woken zombie"
    )


def test_after_a_crash_a_post_is_unknown_and_an_update_is_simply_made_again(database: Database) -> None:
    owe(database, "post")
    owe(database, "update", channel="C2", operation=Operation.UPDATE, target_key="post")
    claim(database, "post")
    claim(database, "update")
    assert database.write_now(delivery.take_over) == 2
    assert due(database) == ["update"]
    assert due(database, after=59) == ["update"]
    assert due(database, after=61) == ["post", "update"], "after the quarantine it may be looked up"
    assert database.read_now(lambda db: delivery.next_due(db, NOW, timedelta(seconds=60))) == NOW + timedelta(
        seconds=60
    )
    owed = database.read_now(lambda db: delivery.queue(db, "T1"))
    assert owed.counts == {RowState.UNKNOWN: 1, RowState.PLANNED: 1}
    assert owed.oldest_due == NOW
