"""Two quick taps of one person may be heard in another order, by two replicas: the later tap counts."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

from bot.selection import Pick, Wish
from handlers.world import World
from storage import selection
from tests.catalogue.inbound import NOW, Door
from tests.handlers.house import TEAM


async def test_an_older_tap_never_undoes_a_later_one_whichever_replica_hears_it(tmp_path: Path) -> None:
    door = Door(tmp_path)
    door.house.person("noor")
    session = door.choosing()
    first, second = (topic.id for topic in session.topics)
    known = {each.name: getattr(door.world, each.name) for each in fields(World) if each.init and each.name[0] != "_"}
    replicas = [door.world, replace(door.world, **known)]  # nothing in memory is shared but what is handed in

    async def tap(replica: int, topic: str, at: str, ts: str = "2.1") -> tuple[str, ...]:
        door.world = replicas[replica]
        await door.deliver(door.tap("selection.pick", "noor", topic, at, ts))
        (pick,) = door.house.read(lambda db: selection.picks_of(db, TEAM, session.id))
        return pick.topics

    assert await tap(0, second, "1623931200.000200") == (second,)
    assert await tap(1, first, "1623931200.000100") == (second,)
    assert await tap(1, first, "1623931200.000100", "9.9") == (second,), "nor from another message"
    assert await tap(1, second, "1623931200.000400") == (second,)
    assert await tap(0, first, "1623931200.000300") == (second,), "also what changed nothing is the latest"
    placed = Pick("noor", Wish.TOPIC, (first,), NOW, "ineke")
    door.house.write(lambda db: selection.save_pick(db, TEAM, session.id, placed))
    assert await tap(1, second, "1623931200.000350") == (first,), "placed since"
    assert await tap(1, second, "1623931200.000500") == (second,)
