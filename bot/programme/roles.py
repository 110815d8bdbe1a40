"""The standings a person can have, and the words by which a roster gives them."""

from enum import StrEnum


class Role(StrEnum):
    """The eight standings a person can have, from nobody to administrator."""

    OUTSIDER = "outsider"
    DEACTIVATED = "deactivated"
    GUEST = "guest"
    PARTICIPANT = "participant"
    NOTE_TAKER = "note_taker"
    FACILITATOR = "facilitator"
    COORDINATOR = "coordinator"
    ADMIN = "admin"


GRANTED = (Role.PARTICIPANT, Role.NOTE_TAKER, Role.FACILITATOR, Role.COORDINATOR, Role.ADMIN)
"""The roles a roster can give; the other three follow from the account in Slack."""
STANDINGS = (Role.OUTSIDER, Role.DEACTIVATED, Role.GUEST)
"""What follows from an account, most restricting first; it outweighs every granted role."""


def parse_roles(text: str) -> frozenset[Role]:
    """Read a roster's roles ("begeleider, coördinator" or "facilitator"); empty means participant.

    Raises ValueError naming the word that is no role.
    """
    words = [word.strip().casefold() for word in text.replace(";", ",").replace("|", ",").split(",")]
    roles = set()
    for word in filter(None, words):
        role = _ROLE_WORDS.get(word)
        if role is None:
            raise ValueError(word)
        roles.add(role)
    return frozenset(roles or {Role.PARTICIPANT})


_ROLE_WORDS = {
    **{role.value: role for role in GRANTED},
    "deelnemer": Role.PARTICIPANT,
    "notulist": Role.NOTE_TAKER,
    "note-taker": Role.NOTE_TAKER,
    "begeleider": Role.FACILITATOR,
    "coördinator": Role.COORDINATOR,
    "coordinator": Role.COORDINATOR,
    "beheerder": Role.ADMIN,
    "administrator": Role.ADMIN,
}
