from itertools import product

import pytest

from bot.problem import Refused
from bot.programme import (
    ALLOWED,
    NOWHERE,
    Action,
    Member,
    Place,
    Reach,
    Role,
    allow,
    may,
    missing,
    outsider,
    parse_roles,
)

OWN = Place(seated=True)


def somebody(*roles: Role) -> Member:
    return Member("T1", "U1", "Noor", frozenset(roles))


def test_every_action_has_a_row_and_every_row_has_every_role() -> None:
    assert set(ALLOWED) == set(Action)
    assert all(set(row) == set(Role) for row in ALLOWED.values())


@pytest.mark.parametrize(("role", "action"), list(product(Role, Action)))
def test_the_table_decides_for_every_role_and_every_action_in_every_place(role: Role, action: Action) -> None:
    reach = ALLOWED[action][role]
    assert may(somebody(role), action, NOWHERE) == (reach is Reach.ANY)
    assert may(somebody(role), action, OWN) == (reach is not Reach.NONE)


@pytest.mark.parametrize("action", list(Action))
@pytest.mark.parametrize("standing", [Role.OUTSIDER, Role.DEACTIVATED])
def test_an_account_without_rights_outweighs_every_role_it_once_had(action: Action, standing: Role) -> None:
    assert not may(somebody(standing, Role.COORDINATOR, Role.ADMIN), action, Place(seated=True, leads=True))


def test_a_guest_takes_part_but_coordinates_nothing_whatever_the_roster_says() -> None:
    guest = somebody(Role.GUEST, Role.COORDINATOR)
    assert may(guest, Action.PICK)
    assert not may(guest, Action.PUBLISH)


def test_who_leads_a_group_may_share_its_impression_and_no_other() -> None:
    noor = somebody(Role.PARTICIPANT)
    assert may(noor, Action.SHARE_IMPRESSION, Place(leads=True))
    assert not may(noor, Action.SHARE_IMPRESSION, Place(seated=True))
    assert not may(somebody(Role.FACILITATOR), Action.SHARE_IMPRESSION, NOWHERE)


def test_before_publication_only_the_group_and_the_coordinator_see_an_impression() -> None:
    seeing = {role for role in Role if may(somebody(role), Action.SEE_IMPRESSION, NOWHERE)}
    assert seeing == {Role.COORDINATOR}


def test_a_refusal_names_a_sentence() -> None:
    with pytest.raises(Refused) as refused:
        allow(somebody(Role.PARTICIPANT), Action.PUBLISH)
    assert refused.value.key == "programme.refused.publish"
    allow(somebody(Role.COORDINATOR), Action.PUBLISH)
    allow(somebody(Role.PARTICIPANT), Action.SIGN_OFF, OWN)


@pytest.mark.parametrize("place", [Place(seated=True), Place(leads=True), Place(wrote=True)])
def test_a_place_is_somebodys_own_by_sitting_there_leading_it_or_having_written(place: Place) -> None:
    assert may(somebody(Role.PARTICIPANT), Action.SIGN_OFF, place)
    assert not may(somebody(Role.PARTICIPANT), Action.SIGN_OFF)


def test_whom_the_programme_does_not_know_may_nothing() -> None:
    stranger = outsider("T1", "U9")
    assert (stranger.team, stranger.user, stranger.name) == ("T1", "U9", "")
    assert not any(may(stranger, action, Place(True, True, True)) for action in Action)


def test_a_thing_that_is_not_there_is_refused_as_if_it_were_anothers() -> None:
    assert missing(somebody(Role.PARTICIPANT), Action.SEE_IMPRESSION, "x.gone").key == (
        "programme.refused.see_impression"
    )
    assert missing(somebody(Role.COORDINATOR), Action.SEE_IMPRESSION, "x.gone").key == "x.gone"


def test_who_coordinates_and_who_may_be_counted_follow_from_the_roles() -> None:
    assert {role for role in Role if somebody(role).coordinates} == {Role.COORDINATOR}
    assert {role for role in Role if not somebody(role).takes_part} == {Role.OUTSIDER, Role.DEACTIVATED}


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("", {Role.PARTICIPANT}),
        ("begeleider", {Role.FACILITATOR}),
        ("Coördinator, begeleider", {Role.COORDINATOR, Role.FACILITATOR}),
        ("note_taker;participant", {Role.NOTE_TAKER, Role.PARTICIPANT}),
        ("NOTULIST | Administrator", {Role.NOTE_TAKER, Role.ADMIN}),
        ("deelnemer, note-taker, beheerder", {Role.PARTICIPANT, Role.NOTE_TAKER, Role.ADMIN}),
        ("coordinator,, ;", {Role.COORDINATOR}),
    ],
)
def test_a_roster_names_roles_in_dutch_or_english(text: str, roles: set[Role]) -> None:
    assert parse_roles(text) == roles


@pytest.mark.parametrize("text", ["baas", "guest", "outsider"])
def test_a_roster_cannot_give_a_role_that_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=text):
        parse_roles(text)
