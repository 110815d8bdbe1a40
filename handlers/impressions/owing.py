"""The messages that follow an impression: its card in the thread, who objects, who was asked about a quote."""

from sqlmodel import Session

from bot.impressions import Impression
from bot.selection import Group
from bot.worksessions import WorkSession
from handlers.posts import owe_change
from handlers.world import World
from storage import delivery, impressions


def card_key(db: Session, impression: Impression) -> str:
    """Return the key of the message in which the group signs off.

    A message that one group gave up and another took over has one in each thread.
    """
    key = f"impressions.signing:{impression.id}"
    known = delivery.parcel(db, impression.team, key)
    return key if known is None or known.arguments["group"] == impression.group else f"{key}:{impression.group}"


def owe_card(
    db: Session, world: World, session: WorkSession, group: Group, impression: Impression, *, is_new: bool = False
) -> None:
    """Owe the thread of a group the question whether its record is right, or the change of it."""
    first = f"impressions.signing:{impression.id}"
    key = first if is_new else card_key(db, impression)
    if is_new or (delivery.parcel(db, impression.team, key) is None and impression.withdrawn_at is None):
        delivery.plan(
            db,
            team=impression.team,
            key=key,
            kind="impressions.signing",
            arguments={"id": impression.id, "group": group.id},
            channel=session.channel,
            thread_key=f"selection.group:{group.id}",
            now=world.now(),
        )
    else:
        owe_change(db, world, impression.team, key)
    if first != key:
        owe_change(db, world, impression.team, first)


def owe_objections(db: Session, world: World, group: Group, impression: Impression) -> None:
    """Owe the author and the facilitator what people object, and whoever heard of it before what became of it."""
    stands = impressions.answered(db, impression)
    against = {one.user for one in stands if one.reason}
    told = set(delivery.receivers(db, impression.team, "impressions.objections", impression.id))
    for user in sorted(told | ({impression.author, group.facilitator or ""} if against else set())):
        key = f"impressions.objections:{impression.id}:{user}"
        if user in told:
            owe_change(db, world, impression.team, key)
        elif user and against - {user}:
            delivery.plan(
                db,
                team=impression.team,
                key=key,
                kind="impressions.objections",
                arguments={"id": impression.id, "user": user},
                user=user,
                now=world.now(),
            )


def owe_questions(db: Session, world: World, impression: Impression) -> None:
    """Owe everybody who was asked about a quote of this impression what became of it."""
    for key in delivery.keys(db, impression.team, "impressions.consent", impression.id):
        owe_change(db, world, impression.team, key)
