"""Making a work session: three steps in one form, kept between the steps so that a restart loses nothing."""

from handlers.delivery import Render
from handlers.routing import Routes
from handlers.worksessions.making import hand_in_offer
from handlers.worksessions.opening import open_for, open_form, open_planned, open_proposed
from handlers.worksessions.planning import hand_in_plan, hand_in_topics

__all__ = ["MESSAGES", "ROUTES", "hand_in_offer", "hand_in_plan", "hand_in_topics", "open_form"]

ROUTES = Routes(
    actions={
        "worksessions.new": open_form,
        "worksessions.for_assignment": open_for,
        "worksessions.topics": open_planned,
        "worksessions.proposed": open_proposed,
    },
    forms={
        "worksessions.plan": hand_in_plan,
        "worksessions.topics": hand_in_topics,
        "worksessions.offer": hand_in_offer,
    },
    commands={"nieuw": open_form, "new": open_form},
    shortcuts={"worksessions.new": open_form},
)
MESSAGES: dict[str, Render] = {}
