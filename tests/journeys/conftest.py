from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, sync_playwright

from handlers.words import Words, load
from tests.conftest import BROWSER_FLAGS
from tests.journeys.driver import ROSTER, Oogst, Slack

BROWSER_TIMEOUT = 30_000
"""Milliseconds that a busy machine may take to show something."""
IN_BOTH_LANGUAGES = ("test_each_member_reads_their_own_language_and_the_channel_its_own",)
"""The journeys whose English run does not wait for `make test-all`; every view is drawn in both by quicker tests."""


WAITING = (
    "test_people_cannot_make_oogst_shout_or_link",
    "test_who_wants_to_know_reads_what_is_kept_takes_it_along_and_is_forgotten",
    "test_a_jump_to_september_stops_at_every_digest_and_reminder_on_the_way",
    "test_a_group_without_its_facilitator_goes_on_and_gets_another_one",
    "test_a_file_that_was_being_fetched_when_the_bot_was_killed_is_read_after_all",
    "test_every_mistake_in_the_forms_is_said_at_its_field_and_keeps_what_was_typed",
    "test_a_button_that_nobody_knows_and_ids_that_are_made_up_are_answered",
    "test_a_form_that_arrives_twice_is_taken_once",
    "test_events_that_come_twice_late_and_in_another_order_have_one_effect",
    "test_choosing_is_closed_from_the_window",
    "test_a_coordinator_edits_but_cannot_misquote",
    "test_what_somebody_deletes_in_slack_is_gone_from_the_draft",
    "test_a_late_tap_gets_a_kind_answer",
    "test_who_is_not_in_the_roster_can_take_part_and_is_asked_once_for_the_region",
    "test_a_coordinator_adds_people_from_the_home",
    "test_the_home_says_what_somebody_chose_and_who_chose_nothing_what_to_do",
    "test_a_full_group_takes_nobody_more",
    "test_a_series_makes_its_next_session_by_itself",
    "test_a_poll_is_proposed_answered_and_settled_on_the_screen",
    "test_what_one_session_left_behind_meets_the_next",
    "test_without_a_date_proposals_wait_and_a_merge_is_undone_in_the_list",
    "test_proposing_ends_when_the_session_starts_and_words_that_are_taken_back_are_gone",
    "test_people_cannot_make_a_proposal_shout_and_two_taps_are_one",
    "test_a_hundred_and_fifty_people_go_from_proposals_to_groups_that_work",
    "test_every_tap_of_a_thousand_is_recorded_once_answered_and_counted",
    "test_a_coordinator_who_needs_no_practice_makes_a_real_session",
    "test_each_step_of_the_tour_can_be_done_for_somebody",
    "test_two_regions_meet_once_both_say_yes",
    "test_a_restart_between_every_two_steps_changes_nothing",
    "test_the_nine_steps_of_the_tour_are_done_by_hand",
    "test_a_word_file_from_a_phone_is_the_impression_and_a_photo_stands_under_the_article",
    "test_what_must_not_be_kept_is_refused_at_every_door_and_left_nowhere",
    "test_what_was_typed_survives_a_closed_form_and_a_restart",
)
"""Journeys that wait for `make test-all` in both languages: tests of handlers hold the same, without the way there."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the usual run short: in English only the journeys above, the same steps in other words wait."""
    for item in items:
        if item.path.parent != Path(__file__).parent:
            continue
        name = item.name.partition("[")[0]
        again = "[en" in item.name and name not in IN_BOTH_LANGUAGES
        twice = item.name.endswith(("[nl-6]", "[en-6]", "[en-40]", "[SIGTERM]"))
        if again or twice or name in WAITING:
            item.add_marker(pytest.mark.matrix)


@pytest.fixture(params=["nl", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def words(language: str) -> Words:
    return load(language)


@pytest.fixture
def slack(tmp_path: Path, language: str) -> Iterator[Slack]:
    running = Slack(tmp_path, language)
    yield running
    refused = running.rejected()
    running.stop()
    assert refused == [], "the practice Slack refused what the bot sent"


@pytest.fixture(scope="session")
def rosters(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Databases in which `oogst roster` was run once, by language; a test takes a copy."""
    return {}


@pytest.fixture
def oogst(
    slack: Slack, tmp_path: Path, language: str, rosters: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Oogst]:
    bot = Oogst(slack, tmp_path, language)
    if language not in rosters:
        bot.run("roster", ROSTER)
        rosters[language] = tmp_path_factory.mktemp("roster") / "oogst.db"
        shutil.copy(bot.database, rosters[language])
    else:
        shutil.copy(rosters[language], bot.database)
    try:
        bot.start()
        yield bot
    finally:
        bot.close()
    log = bot.log()
    assert "Traceback" not in log and "level=error" not in log, log


@pytest.fixture
def page(slack: Slack, oogst: Oogst, chromium: str) -> Iterator[Page]:
    """A wide browser window at the practice Slack, with room for two people side by side."""
    errors: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(BROWSER_FLAGS))
        opened = browser.new_page(viewport={"width": 1440, "height": 1000}, locale="nl-NL")
        opened.set_default_timeout(BROWSER_TIMEOUT)
        opened.on("pageerror", lambda error: errors.append(str(error)))
        yield opened
        browser.close()
    assert errors == []


@pytest.fixture
def phone(slack: Slack, oogst: Oogst, chromium: str) -> Iterator[BrowserContext]:
    """A phone on which somebody has Slack."""
    errors: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(BROWSER_FLAGS))
        context = browser.new_context(viewport={"width": 390, "height": 844}, locale="nl-NL", has_touch=True)
        context.set_default_timeout(BROWSER_TIMEOUT)
        context.on("weberror", lambda error: errors.append(str(error.error)))
        yield context
        browser.close()
    assert errors == []
