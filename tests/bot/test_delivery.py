from datetime import timedelta
from typing import Any

import pytest

from bot.delivery import (
    HARMLESS_TWICE,
    LEFT_UNSURE,
    LOST,
    NO_PARENT,
    QUARANTINE,
    QUARANTINE_LONG,
    SAID_THERE,
    UNFOUND,
    UNSURE,
    Outcome,
    Reason,
    Reply,
    RowState,
    Whereabouts,
    calls_people,
    classify,
    is_busy,
    is_hopeless,
    is_shut_out,
    may_repeat,
    reason_of,
    rest_after,
    wait_before_retry,
    whereabouts,
)


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (Reply(200, True, ts="1.2"), Outcome.SENT),
        (Reply(200, True), Outcome.UNKNOWN),
        (Reply(429, False, "ratelimited"), Outcome.NOT_SENT),
        (Reply(200, False, "rate_limited"), Outcome.NOT_SENT),
        (Reply(error="connect", before_sending=True), Outcome.NOT_SENT),
        (Reply(error="TimeoutError"), Outcome.UNKNOWN),
        (Reply(500), Outcome.UNKNOWN),
        (Reply(502, False, "bad_gateway"), Outcome.UNKNOWN),
        (Reply(200, None), Outcome.UNKNOWN),
        (Reply(200, False, "fatal_error"), Outcome.UNKNOWN),
        (Reply(200, False, "internal_error"), Outcome.UNKNOWN),
        (Reply(200, False, "request_timeout"), Outcome.UNKNOWN),
        (Reply(200, False, "service_unavailable"), Outcome.UNKNOWN),
        *[
            (Reply(200, False, error), Outcome.REFUSED)
            for error in (
                "channel_not_found",
                "is_archived",
                "not_in_channel",
                "msg_too_long",
                "invalid_blocks",
                "missing_scope",
                "invalid_auth",
                "account_inactive",
            )
        ],
    ],
)
def test_a_reply_is_sent_surely_not_sent_refused_or_unknown(reply: Reply, outcome: Outcome) -> None:
    assert classify(reply) is outcome


@pytest.mark.parametrize(
    ("told", "seconds"),
    [("1", 1), ("30", 30), ("3600", 3600), ("7200", 3600), (None, 30), ("abc", 30), ("-5", 30), ("nan", 30), ("0", 1)],
)
def test_slack_is_obeyed_when_it_says_how_long_to_wait(told: str | None, seconds: float) -> None:
    assert wait_before_retry(Reply(429, False, "ratelimited", retry_after=told), 1) == seconds


def test_without_word_from_slack_the_wait_doubles_up_to_five_minutes() -> None:
    waits = [wait_before_retry(Reply(error="connect", before_sending=True), attempt) for attempt in range(1, 12)]
    assert waits[:3] == [2, 4, 8]
    assert max(waits) == 300


BUSY = [Reply(429), Reply(200, False, "ratelimited"), Reply(200, False, "rate_limited"),
        Reply(200, False, "message_limit_exceeded")]  # fmt: skip
DOWN = [
    Reply(error="connect", before_sending=True),
    Reply(500),
    Reply(200, False, "fatal_error"),
    Reply(error="TimeoutError"),
    Reply(200, error="unreadable"),
]


@pytest.mark.parametrize("reply", BUSY)
def test_what_slack_is_too_busy_for_is_never_given_up(reply: Reply) -> None:
    assert is_busy(reply) and classify(reply) is Outcome.NOT_SENT
    assert not is_hopeless(reply, 10_000)


@pytest.mark.parametrize("reply", DOWN)
def test_while_slack_is_down_a_message_is_tried_for_about_a_day(reply: Reply) -> None:
    assert not is_busy(reply)
    assert not is_hopeless(reply, 299) and is_hopeless(reply, 300)


@pytest.mark.parametrize("reply", [Reply(200, False, "invalid_blocks"), Reply(499), Reply()])
def test_what_slack_refuses_is_tried_eight_times(reply: Reply) -> None:
    assert not is_hopeless(reply, 7) and is_hopeless(reply, 8)


@pytest.mark.parametrize("status", [499, 200])
def test_only_an_answer_of_a_broken_server_leaves_open_whether_it_arrived(status: int) -> None:
    assert classify(Reply(status, False, "invalid_blocks")) is Outcome.REFUSED
    assert classify(Reply(500, False, "invalid_blocks")) is Outcome.UNKNOWN


def test_no_message_is_to_blame_when_slack_shuts_the_door() -> None:
    for error in (
        "invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "app_uninstalled",
        "no_installation", "org_login_required", "ekm_access_denied", "team_access_not_granted", "team_not_found",
        "access_denied", "not_allowed_token_type",
    ):  # fmt: skip
        assert is_shut_out(Reply(200, False, error)), error
    assert not is_shut_out(Reply(200, False, "is_archived")) and not is_shut_out(Reply(200, True, ts="1.1"))


def test_a_post_that_failed_in_an_unknown_way_often_rests_longer() -> None:
    assert [rest_after(attempt) for attempt in (1, 12, 13)] == [QUARANTINE, QUARANTINE, QUARANTINE_LONG]
    assert timedelta(seconds=30) <= QUARANTINE, "thrice the time that a post may take"


@pytest.mark.parametrize(
    ("text", "blocks", "calls"),
    [
        ("Hallo <@U1>", [], True),
        ("Hallo <!here>", [], True),
        ("Hallo <#C1> <https://a.nl|b> &lt;@U1&gt; @here", [], False),
        ("", [{"type": "section", "text": {"type": "mrkdwn", "text": "<@U1>"}}], True),
        ("", [{"type": "divider"}, {"type": "rich_text", "elements": [{"elements": [{"type": "user"}]}]}], True),
        ("", [{"elements": ({"type": "usergroup"},)}], True),
        ("", [{"elements": [{"type": "broadcast"}]}], True),
        ("", [{"type": "section", "text": {"type": "mrkdwn", "text": "Hallo"}, "expand": True, "at": 3}], False),
    ],
)
def test_a_message_calls_somebody_when_a_mention_stands_anywhere_in_it(
    text: str, blocks: list[dict[str, Any]], calls: bool
) -> None:
    assert calls_people(text, blocks) is calls


def test_only_a_digest_that_calls_nobody_is_posted_again_in_doubt_and_once() -> None:
    for kind in HARMLESS_TWICE:
        assert may_repeat(kind, direct=False, calls=False, repeated=False)
        assert not may_repeat(kind, direct=True, calls=False, repeated=False)
        assert not may_repeat(kind, direct=False, calls=True, repeated=False)
        assert not may_repeat(kind, direct=False, calls=False, repeated=True)
    assert not may_repeat("promises.ask", direct=False, calls=False, repeated=False)
    assert {"digest.post", "digest.details"} == HARMLESS_TWICE


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        ("is_archived", Reason.ARCHIVED),
        ("not_in_channel", Reason.NOT_MEMBER),
        ("channel_not_found", Reason.NO_CHANNEL),
        ("no_channel", Reason.NO_CHANNEL),
        ("user_disabled", Reason.PERSON_GONE),
        ("user_not_found", Reason.PERSON_GONE),
        ("users_not_found", Reason.PERSON_GONE),
        ("user_not_visible", Reason.PERSON_GONE),
        ("cannot_dm_bot", Reason.PERSON_GONE),
        ("missing_scope", Reason.NO_RIGHT),
        ("missing_scope: chat:write", Reason.NO_RIGHT),
        ("connect", Reason.OUTAGE),
        ("TimeoutError", Reason.OUTAGE),
        ("fatal_error", Reason.OUTAGE),
        (UNSURE, Reason.UNSURE),
        (UNFOUND, Reason.UNFOUND),
        (LOST, Reason.LOST),
        (NO_PARENT, Reason.NOT_MADE),
        ("invalid_blocks", Reason.NOT_MADE),
    ],
)
def test_what_a_person_can_do_about_a_parked_message_follows_from_the_error(error: str, reason: Reason) -> None:
    assert reason_of(error) is reason


def test_of_a_message_without_a_place_only_what_a_person_can_still_say_stays_open() -> None:
    asked, said = {UNSURE, UNFOUND}, {LEFT_UNSURE, SAID_THERE}
    for state in RowState:
        for error in (*asked, *said, LOST, ""):
            known = whereabouts(state, error)
            assert (known is Whereabouts.OPEN) == (state is RowState.PARKED and error in asked)
            assert (known is Whereabouts.LOST) == (state is RowState.DROPPED and error in said)
