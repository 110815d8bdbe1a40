"""Who facilitates which topic: the coordinator says it, and who is new to it hears of it once."""

from collections.abc import Mapping

from sqlmodel import Session

from bot.problem import Problem, Refused
from bot.programme import Action, allow
from bot.selection.shaping import appoint as decide
from bot.selection.shaping import closed
from bot.worksessions import State, WorkSession
from handlers.programme import enrol_all
from handlers.routing import Answer, Click, Handler, metadata_of, problems_ack
from handlers.selection.outlook import in_window, left_alone, refresh
from handlers.selection.telling import tell
from handlers.views import worksessions as views
from handlers.world import Asker, World
from storage import inbox, programme, selection, worksessions


async def open_appoint(click: Click, world: World) -> Answer:
    """The coordinator wants to say who facilitates which topic."""

    def find(db: Session) -> tuple[Asker, WorkSession]:
        asker = world.asker(db, click)
        allow(asker.member, Action.APPOINT)
        return asker, _session(db, click, click.value)

    asker, session = await world.database.read(find)
    view = views.appoint_form(session, asker.words, left_alone(click))
    return Answer(then=[world.open(click, view, push=in_window(click))])


async def appoint(click: Click, world: World) -> Answer:
    """Facilitators were chosen; a topic that the form did not show keeps its own."""

    def save(db: Session) -> tuple[Asker, WorkSession, list[Problem], tuple[str, ...]]:
        asker, now = world.asker(db, click), world.now()
        allow(asker.member, Action.APPOINT)
        session = _session(db, click, metadata_of(click).get("session", ""))
        if session.state is not State.CHOOSING:
            raise closed(session)
        shown = [topic.id for topic in session.topics if f"topic-{topic.id}" in click.fields]
        wanted = {topic: click.text(f"topic-{topic}") or None for topic in shown}
        picks, members = selection.picks_of(db, session.team, session.id), programme.members(db, click.team)
        new, old, problems = decide(session, wanted, picks, members)
        if problems:
            return asker, session, problems, ()
        if not inbox.first(db, click.team, click.key, now):
            return asker, session, [], ()
        worksessions.appoint(db, click.team, session.id, wanted)
        for topic, user in new.items():
            if user != click.user:
                arguments = {"id": session.id, "topic": topic, "user": user}
                tell(db, session, "selection.appointed", world.ids("ap"), user, arguments, now)
        for topic, user in old.items():
            if user != click.user:
                arguments = {"id": session.id, "topic": topic, "user": user}
                tell(db, session, "selection.relieved", world.ids("rl"), user, arguments, now)
        return asker, session, [], tuple(sorted(set(new.values())))

    asker, session, problems, new = await world.write(save)
    if problems:
        return Answer(ack=problems_ack(click, world, asker.words, problems))
    world.repaint(click.team, "selection.card", session.id)
    return Answer(then=[enrol_all(world, click.team, new), refresh(click, world)])


def _session(db: Session, click: Click, session_id: str) -> WorkSession:
    session = worksessions.one(db, click.team, session_id)
    if session is None:
        raise Refused("worksessions.gone")
    return session


ACTIONS: Mapping[str, Handler] = {"worksessions.appoint": open_appoint}
FORMS: Mapping[str, Handler] = {"worksessions.appoint": appoint}
