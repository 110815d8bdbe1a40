"""The last step: the session is made, and its message is owed to the channel."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from sqlmodel import Session

from bot.problem import Refused
from bot.programme import Action
from bot.trail.follow_ups import Via
from bot.worksessions import State, Topic, WorkSession, offer
from handlers.followup.owing import change_date, owe_next_line
from handlers.privacy import check_texts
from handlers.proposals import offering
from handlers.routing import Answer, Click, metadata_of, problems_ack
from handlers.selection import owe_card
from handlers.trail import follow_ups
from handlers.views import worksessions as views
from handlers.worksessions.kept import kept_form, plan_of
from handlers.world import Asker, World
from storage import inbox, themes, worksessions


def still_planned(db: Session, click: Click, data: Mapping[str, Any]) -> WorkSession | None:
    """Return the session that the form is about, if its date was set before. Raises Refused once it has topics."""
    planned = worksessions.one(db, click.team, str(data.get("planned") or ""))
    if planned is not None and planned.state is not State.PLANNED:
        raise Refused("worksessions.gone")  # its topics were put in another form in the meantime
    return planned


async def hand_in_offer(click: Click, world: World) -> Answer:
    """The last step: the session is made, and its message is owed to the channel, in one transaction."""
    asker, problems, session = await world.write(partial(_make, click, world))
    if problems:
        return Answer(ack=problems_ack(click, world, asker.words, problems))
    if session is None:
        return Answer()
    if entry_id := metadata_of(click).get("entry"):
        return await follow_ups.back(click, world, entry_id)  # which says when and where; they may not be there
    below = (click.body.get("view") or {}).get("previous_view_id")  # the proposals, which have become topics now
    return Answer(
        ack={"response_action": "clear"} if below else None,
        then=[_say_posted(click, world, asker, session)],
    )


def _make(click: Click, world: World, db: Session) -> tuple[Asker, list[Any], WorkSession | None]:
    form_id = metadata_of(click).get("form", "")
    if inbox.seen(db, click.team, click.key):
        return world.asker(db, click), [], None
    asker, data = kept_form(click, world, db, form_id)
    checked, names, now = plan_of(data), [str(name) for name in data["topics"]], world.now()
    offered, problems = offer(
        names=names,
        shorts=click.text("shorts"),
        closes=click.text("closes"),
        limit=click.text("limit"),
        closes_day=click.text("closes_day"),
        mode=click.text("mode"),
        extras=click.many("extras"),
        silence=click.text("silence"),
        plan=checked,
        timezone=asker.settings.timezone,
        now=now,
    )
    sensitive = check_texts(db, asker.settings, None, {"shorts": click.text("shorts")}).problems
    if offered is None or sensitive:
        return asker, [*problems, *sensitive], None
    inbox.first(db, click.team, click.key, now)
    planned = still_planned(db, click, data)
    proposed = offering.links(db, click.team, data, names)
    session = WorkSession(
        id=planned.id if planned else world.ids("ws"),
        team=click.team,
        title=checked.title,
        channel=checked.channel,
        starts_at=checked.starts_at,
        ends_at=checked.ends_at,
        closes_at=offered.closes_at,
        timezone=asker.settings.timezone,
        state=State.CHOOSING,
        created_by=click.user,
        regions=checked.regions,
        group_limit=offered.group_limit,
        group_minimum=offered.group_minimum,
        mode=offered.mode,
        hidden=offered.hidden,
        close_when_all=offered.close_when_all,
        silence=offered.silence,
        opened_at=now,
        topics=tuple(
            Topic(world.ids("tp"), name, short, _theme(db, world, click.team, name, short, proposed.aliases(name)))
            for name, short in offered.topics
        ),
    )
    begun = follow_ups.begun_in(db, world, click, data, Action.MAKE_WORK_SESSION)
    before = begun.previous.id if begun and begun.previous else None
    if before and worksessions.follower(db, click.team, before) is not None:
        before = None
    worksessions.save(db, session, now, follows=before)
    follow_ups.tie(db, world, click, data, Via.SESSION, session.id)
    if before:
        owe_next_line(db, session, f"set:{session.id}", now)
    offering.settle(db, world, session, proposed)
    worksessions.drop_form(db, click.team, form_id)
    owe_card(db, session, now)
    if planned and (planned.starts_at, planned.ends_at) != (session.starts_at, session.ends_at):
        session = change_date(db, world, asker.settings, planned, session, click.user)
    return asker, [], session


def _theme(db: Session, world: World, team: str, name: str, short: str, aliases: Sequence[str]) -> str:
    return themes.theme_for(db, team, name, short, aliases, world.ids("th"))


async def _say_posted(click: Click, world: World, asker: Asker, session: WorkSession) -> None:
    text = asker.words("worksessions.posted")
    blocks = [block.to_dict() for block in views.posted(session, asker.words)]
    await world.slack_of(click.team).chat_postEphemeral(
        channel=session.channel, user=click.user, text=text, blocks=blocks
    )
