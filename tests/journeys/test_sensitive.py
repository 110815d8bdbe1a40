"""What must not be kept, typed at every door of a running bot: refused kindly, and in no byte of its files and log."""

from __future__ import annotations

from handlers.words import Words
from tests.journeys.driver import Oogst, Slack
from tests.journeys.steps import CHANNEL, TOPICS, choose_and_close, make_session

NUMBER, PHONE, MAIL = "1575.52.676", "06-12345678", "noor@voorbeeld.nl"
SECRETS = (NUMBER, PHONE, MAIL, "Kevin")


def test_what_must_not_be_kept_is_refused_at_every_door_and_left_nowhere(
    slack: Slack, oogst: Oogst, words: Words
) -> None:
    oogst.environment["OOGST_LOG_LEVEL"] = "DEBUG"
    oogst.restart()
    make_session(slack, words)
    choose_and_close(slack, words)
    sanne, youssef = slack.as_("Sanne"), slack.as_("Youssef")

    # a form: an error under the field, and what was typed is still there
    sanne.press(words("impressions.share_says", group=1), channel=CHANNEL)
    sanne.modal(words("impressions.form_title"))
    takeaway = words("impressions.part.takeaway")
    sanne.type(takeaway, f"De school belt met leerling {NUMBER} over vervoer.")
    errors = sanne.submit_with_errors()
    assert list(errors.values()) == [words("privacy.problem.citizen_number", shown="15•••")]
    (typed,) = [f["value"] for f in sanne.sees()["modal"]["fields"] if f["block_id"].startswith("takeaway")]
    assert NUMBER in typed, "the form keeps what was typed"
    sanne.press(words("impressions.more"))
    sanne.modal(words("privacy.involved"))
    sanne.type(takeaway, "Kevins ouders praten nu vanaf het begin mee.")
    sanne.type(words("privacy.involved"), "Kevin")
    sanne.submit()
    slack.settle()
    mark = "[naam]" if "naam" in words("privacy.involved_hint") else "[name]"
    slack.as_("Noor").finds(CHANNEL, f"{mark}s ouders praten nu vanaf het begin mee.")

    # a reply in the thread: to its writer alone, with the form one tap away
    group = words("selection.group", number=2, topics=TOPICS[2])
    thread = next(m for m in reversed(youssef.messages(CHANNEL)) if group in m["plain"])["ts"]
    youssef.say(CHANNEL, f"Wij spreken af dat iedereen naar {PHONE} belt over het plan.", thread_ts=thread)
    told = youssef.only_for_me(words("privacy.not_kept"))
    assert words("privacy.problem.phone", shown="06•••") in told["plain"]
    assert words("privacy.still_in_slack") in told["plain"]
    assert not any(words("privacy.not_kept") in m["plain"] for m in slack.as_("Samir").messages(CHANNEL))
    youssef.press(words("impressions.share"), channel=CHANNEL, ts=told["ts"])
    youssef.modal(words("impressions.form_title"))
    youssef.close_forms()

    # a message to the bot, and then the same without it
    youssef.say("@oogst", f"Wij spreken af dat iedereen {MAIL} schrijft over het plan.")
    youssef.finds("@oogst", words("privacy.problem.email", shown="no•••"))
    youssef.say("@oogst", "Wij spreken af dat Kevin niet meer gebeld wordt.")
    youssef.finds("@oogst", words("impressions.kept_direct", group=2))

    assert oogst.rows("SELECT count(*) FROM impression") == [(2,)]
    oogst.stop()
    files = b"".join(path.read_bytes() for path in sorted(oogst.folder.glob("oogst.db*")))
    log = (oogst.folder / "bot.log").read_text()
    for secret in SECRETS:
        assert secret.encode() not in files, "in the database"
        assert secret not in log, "in the log"
