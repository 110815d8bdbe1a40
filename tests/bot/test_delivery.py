import pytest

from bot.delivery import Outcome, Reply, classify, wait_before_retry


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
