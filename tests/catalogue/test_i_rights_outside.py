"""Strangers in a shared channel, words that stay in their region, and people whose name or account changes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from bot.programme import Role
from handlers import programme as accounts
from handlers.home.looking import look
from handlers.payloads import read_command, read_event, read_interaction
from handlers.routing import Click
from handlers.slack import kinds, rhythms, router
from handlers.terminal import export
from handlers.views import home as home_views
from storage import delivery, programme
from storage import personal as kept
from storage.delivery import OutboxRow
from tests.catalogue.rights_doors import press
from tests.catalogue.rights_scene import TEAM, Scene, build, note_fields
from tests.catalogue.rights_scene import press as hand_in
from tests.catalogue.test_i_rights_refused import deliver
from tests.handlers.house import wall
from tests.handlers.test_documents import READ

STRANGER = "UFAR"
FAR = "TFAR"
CANARY = {"own": "kanariehaaglanden", "other": "kanariewaterweg"}


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = build(tmp_path)
    yield made
    made.house.database.close()


# I6


def payloads(scene: Scene) -> dict[str, Click]:
    """What Slack sends when somebody of another organisation does something in a channel that both share."""
    house, things = scene.house, scene.things("other")
    house.write(
        lambda db: delivery.plan(
            db, team=TEAM, key="selection.group:gr_b", kind="selection.group", arguments={"id": "gr_b"},
            channel="CWS", now=house.clock.now(),
        )
    )  # fmt: skip
    house.arrive("selection.group")
    at = house.read(lambda db: delivery.sent(db, TEAM, "selection.group:gr_b"))
    assert at is not None
    user = {"id": STRANGER, "team_id": FAR}
    common = {"team": {"id": TEAM}, "user": user, "trigger_id": "1.1"}
    there = {"channel": {"id": "CWS"}, "message": {"ts": at[1], "thread_ts": at[1], "text": "Wat een kanarie."}}
    events = {"team_id": TEAM, "authorizations": [{"team_id": TEAM}], "is_ext_shared_channel": True}
    wrote = {"user": STRANGER, "user_team": FAR, "source_team": FAR, "channel": "CWS", "thread_ts": at[1]}

    def pressed(name: str, value: str) -> Click:
        action = {"type": "button", "action_id": name, "value": value, "action_ts": "1.2"}
        return read_interaction({"type": "block_actions", "actions": [action], **there, **common})

    def event(number: int, **body: Any) -> Click:
        return read_event({"event_id": f"Ev{number}", "event": {**wrote, "ts": f"5.{number}", **body}, **events})

    state = {"takeaway": {"x": {"type": "plain_text_input", "value": "Wij weten het beter."}}}
    view = {
        "id": "V1", "callback_id": "impressions.share", "private_metadata": json.dumps({"group": "gr_b"}),
        "app_installed_team_id": TEAM, "state": {"values": state},
    }  # fmt: skip
    file = {"id": "F9", "name": "plan.txt", "filetype": "text", "size": 9}
    return {
        "chooses": pressed("selection.pick", things["offer"]),
        "wants to hand in": pressed("impressions.share", "gr_b"),
        "hands in": read_interaction({"type": "view_submission", "view": view, **{**common, "team": {"id": FAR}}}),
        "agrees": pressed("impressions.agree", f"{things['note']}:1"),
        "shares a message": read_interaction(
            {"type": "message_action", "callback_id": "impressions.share", **there, **common}
        ),
        "writes in the thread": event(1, type="message", text="Impressie: wij weten het beter dan wie ook."),
        "drops a file": event(2, type="message", subtype="file_share", text="", files=[file]),
        "asks the bot": event(3, type="app_mention", text="<@UBOT> wat is het andere kanariegeheim?"),
        "uses the command": read_command(
            {"team_id": TEAM, "user_id": STRANGER, "text": "kanariegeheim", "channel_id": "CWS", "trigger_id": "1.1"}
        ),
    }  # fmt: skip


def test_i6_who_is_of_another_organisation_changes_and_reads_nothing_in_a_shared_channel(
    scene: Scene, cases: Callable[[int], None]
) -> None:
    world, tried = scene.house.world, payloads(scene)
    account = {"id": STRANGER, "name": "ver", "team_id": FAR, "is_stranger": True}
    world.accounts[STRANGER] = account
    scene.remember()
    for what, click in tried.items():
        before, acks = scene.dump(), list[Any]()

        async def ack(body: Any = None, acks: list[Any] = acks) -> None:
            acks.append(body)

        scene.house.do(router().handle(click, world, ack))
        changed = set(scene.changed(before))
        assert changed <= {"member", "heard_message"}, f"{what}: {changed}"  # of a message heard, its ts
        member = scene.house.read(lambda db: programme.member(db, TEAM, STRANGER))
        assert Role.OUTSIDER in member.roles and not member.takes_part, what
        said = json.dumps([acks, world.heard, world.drawn, world.opened]).casefold()
        assert "geheim" not in said and "kanariecitaat" not in said, f"{what}: {said}"
        for seen in (world.heard, world.drawn, world.opened):
            seen.clear()
        scene.restore()
    cases(len(tried))


def test_i6_the_home_of_a_stranger_shows_nothing_of_the_programme(scene: Scene) -> None:
    scene.house.stranger(STRANGER, None)
    shown = home_of(scene, STRANGER)
    for title in ("Werksessie 24 juni", "Werksessie 16 september", "Werksessie 17 juni", "Kanarievoorstel"):
        assert title not in shown


# I7


def home_of(scene: Scene, user: str) -> str:
    click = scene.house.click("event", "app_home_opened", user)
    found = scene.house.write(lambda db: look(scene.house.world, click, db))
    return json.dumps(home_views.home(found, scene.house.world.words["nl"]).to_dict(), ensure_ascii=False).casefold()


def hide(scene: Scene) -> None:
    """In each group: a note, a quote that nobody said yes to, an objection, a draft and a question, with its canary."""
    for where, group, leader, member in (("own", "gr_a", "sanne", "noor"), ("other", "gr_b", "youssef", "samir")):
        canary = CANARY[where]
        fields = note_fields(
            f"De {canary} vloog mee.", quote=f"De {canary} zei het.", obstacle=f"De {canary} mag niet."
        )
        hand_in(scene.house, "form", "impressions.share", leader, fields=fields, metadata={"group": group})
        note = scene.things(where)["note"]
        hand_in(
            scene.house, "form", "impressions.object", member, fields={"reason": f"De {canary} klopt niet."},
            metadata={"impression": note, "version": "1"},
        )  # fmt: skip
        hand_in(
            scene.house, "closed", "impressions.change", member, fields=note_fields(f"Een klad van de {canary}."),
            metadata={"impression": note},
        )  # fmt: skip


def test_i7_words_of_a_group_stay_out_of_channels_search_homes_and_exports(
    scene: Scene, cases: Callable[[int], None]
) -> None:
    hide(scene)
    house, looked = scene.house, 0
    for at in (wall(2021, 6, 21, 10), wall(2021, 6, 22, 9), wall(2021, 6, 22, 9, 5)):
        house.at(at)
        for rhythm in rhythms():
            house.do(rhythm.tick(house.world, at))
    renders, drawn = kinds(), list[tuple[OutboxRow, str]]()
    for row in house.read(lambda db: list(db.exec(select(OutboxRow).order_by(col(OutboxRow.id))))):
        body = house.draw(row, renders) if row.operation != "remove" else None
        if body:
            blocks = json.dumps([block.to_dict() for block in body.blocks], ensure_ascii=False)
            drawn.append((row, f"{body.text} {blocks} {body.file!r}".casefold()))
    group_of = {"own": {"sanne", "noor", "lotte"}, "other": {"youssef", "samir"}}
    assert any(CANARY["other"] in said for _, said in drawn), "else this test says nothing"
    for where, canary in CANARY.items():
        others = group_of["other" if where == "own" else "own"]
        for row, said in drawn:
            if canary in said:
                in_thread = row.kind in ("impressions.post", "impressions.signing")  # in the thread of the group itself
                theirs = {*group_of[where], "ineke"}
                assert in_thread or row.user_id in theirs, f"{row.kind} to {row.user_id} or a channel"
        for user in others:
            looked += 1
            assert canary not in home_of(scene, user)
            command = read_command(
                {
                    "team_id": TEAM,
                    "user_id": user,
                    "text": f"{canary} vloog",
                    "channel_id": "CX",
                    "trigger_id": f"{looked}",
                }
            )
            heard = len(house.world.drawn)

            async def ack(body: Any = None) -> None:
                """Nothing."""

            house.do(router().handle(command, house.world, ack))
            said = json.dumps(house.world.drawn[heard:], ensure_ascii=False).casefold()
            assert f"de {canary} vloog mee" not in said and f"{canary} zei" not in said, said
            rows = house.read(lambda db, u=user: kept.kept_of(db, TEAM, u, str))
            assert f"de {canary}" not in json.dumps(rows, ensure_ascii=False, default=str).casefold(), (
                f"export of {user}"
            )
    out = Path(house.database.location).parent
    settings = out / "settings.env"
    settings.write_text(f"OOGST_DATABASE={house.database.location}\nOOGST_LANGUAGE=nl\n")
    export.export(settings, out / "export")
    exported = "".join(READ[path.suffix[1:]](path.read_bytes())[0] for path in sorted((out / "export").glob("*")))
    assert exported and not any(canary in exported.casefold() for canary in CANARY.values())
    cases(len(CANARY) * 4)


# I8


def changed(scene: Scene, user: str, at: int, **account: Any) -> None:
    """Slack tells that an account changed."""
    body = {"user": {"id": user, "name": user, "team_id": TEAM, "updated": at, **account}}
    click = scene.house.click("event", "user_change", user, body=body)
    scene.house.do(accounts.account_changed(click, scene.house.world))


def may_close(scene: Scene, user: str) -> bool:
    told = deliver(scene, press("selection.close", "{choosing}"), scene.things("own"), user)
    scene.restore()
    return bool(told.changed)


def renamed(scene: Scene) -> dict[str, bool]:
    changed(scene, "ineke", 1, profile={"display_name": "Noor"})
    changed(scene, "noor", 1, profile={"display_name": "Ineke"})
    return {"ineke": True, "noor": False}


def merged(scene: Scene) -> dict[str, bool]:
    changed(scene, "ineke", 1, deleted=True)
    changed(scene, "UNEW", 1, profile={"display_name": "Ineke"})
    return {"ineke": False, "UNEW": False}


def left(scene: Scene) -> dict[str, bool]:
    changed(scene, "ineke", 1, deleted=True)
    return {"ineke": False}


def returned(scene: Scene) -> dict[str, bool]:
    changed(scene, "ineke", 1, deleted=True)
    changed(scene, "ineke", 2, deleted=False)
    changed(scene, "ineke", 1, deleted=True)  # told again, too late
    return {"ineke": True}


def made_a_guest(scene: Scene) -> dict[str, bool]:
    changed(scene, "ineke", 1, is_restricted=True)
    return {"ineke": False}


def named_by_a_stranger(scene: Scene) -> dict[str, bool]:
    changed(scene, STRANGER, 1, profile={"display_name": "Ineke"}, team_id=FAR, is_stranger=True)
    return {STRANGER: False, "ineke": True}


HAPPENS = (renamed, merged, left, returned, made_a_guest, named_by_a_stranger)


def test_i8_rights_follow_the_id_and_not_the_name(scene: Scene, cases: Callable[[int], None]) -> None:
    begin = scene.snapshot()
    for happens in HAPPENS:
        expected = happens(scene)
        scene.remember()
        for user, may in expected.items():
            assert may_close(scene, user) is may, f"{happens.__name__}: {user}"
        scene.restore(begin)
        scene.remember()
    cases(len(HAPPENS))
