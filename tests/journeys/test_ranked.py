"""A hundred and fifty people from eleven regions: from proposals to a ranked choice to groups."""

from __future__ import annotations

import csv
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from bot.selection.allocation import FULL_LIST
from handlers.words import Words
from tests.journeys.driver import SCENARIO, Oogst, Slack
from tests.journeys.steps import CHANNEL
from tests.journeys.test_proposals import ask_for_themes, call, counted, decide, propose

PEOPLE = 150
DAY = date(2021, 7, 1)
REGIONS = ["Haaglanden", "Nieuwe Waterweg Noord", *(f"Inspiratieregio {n}" for n in range(3, 12))]
SECTORS = ("onderwijs", "gemeente", "jeugdhulp", "gezondheid")
FIRST = (
    "Aisha", "Bram", "Cato", "Daan", "Esra", "Finn", "Guusje", "Hamza", "Iris", "Joep", "Kaya", "Lieke", "Mees",
    "Nadia", "Olaf", "Pleun", "Quinten", "Roos", "Sem", "Tess", "Umar", "Veerle", "Wout", "Xena", "Yara", "Zeno",
)  # fmt: skip
THEMES = (
    "Onderwijszorgarrangementen", "Ouders als partner", "Wachttijden in de jeugdhulp", "Overgang naar vervolgonderwijs",
    "Samen één plan", "Thuiszitters voorkomen", "Leerlingenvervoer", "Taal en nieuwkomers",
)  # fmt: skip


@dataclass(frozen=True)
class Guest:
    """Somebody who was invented for this session."""

    name: str
    region: str
    sector: str
    roles: str


def guests() -> list[Guest]:
    """Everybody, the regions of unequal size; every tenth leads groups, every eighth takes notes."""
    found = []
    for n in range(PEOPLE):
        region = REGIONS[min(n % 11, (n * 7) % 11)]
        roles = ", ".join(
            ["deelnemer", *(["begeleider"] if n % 10 == 0 else []), *(["notulist"] if n % 8 == 1 else [])]
        )
        found.append(Guest(f"{FIRST[n % len(FIRST)]}{n:03}", region, SECTORS[n % 4], roles))
    return found


@pytest.fixture
def crowd(tmp_path: Path, language: str) -> Iterator[tuple[Slack, Oogst]]:
    """The practice Slack and the bot with everybody in them."""
    scenario = SCENARIO.read_text(encoding="utf-8")
    more = "".join(f"  - {{name: {each.name}, real_name: {each.name} Test, locale: LOCALE}}\n" for each in guests())
    file = tmp_path / "crowd.yaml"
    file.write_text(scenario.replace("channels:\n", f"{more}channels:\n"), encoding="utf-8")
    slack = Slack(tmp_path, language, file)
    bot = Oogst(slack, tmp_path, language)
    roster = tmp_path / "roster.csv"
    with roster.open("w", newline="", encoding="utf-8") as out:
        table = csv.writer(out)
        table.writerow(["user", "region", "channel", "roles", "sector"])
        table.writerow(["Ineke", "", "", "coördinator", ""])
        table.writerows([each.name, each.region, "", each.roles, each.sector] for each in guests())
    bot.run("roster", roster)
    try:
        bot.start()
        yield slack, bot
    finally:
        bot.close()
        refused = slack.rejected()
        slack.stop()
    assert refused == []
    assert "Traceback" not in bot.log() and "level=error" not in bot.log(), bot.log()


def offer_in_order(slack: Slack, words: Words) -> None:
    """The coordinator makes the session of what was proposed: in order of liking, 8 to 24 a group, numbers hidden."""
    ineke = slack.as_("Ineke")
    ineke.home(words("proposals.review", count=len(THEMES)))
    ineke.press(words("proposals.review", count=len(THEMES)), where="home")
    ineke.modal(words("proposals.accept"))
    for number, theme in enumerate(THEMES, start=1):
        decide(ineke, "accept", theme, words)
        ineke.modal(f"{number}. {theme}")
    ineke.press(words("proposals.ready"), where="modal")
    ineke.modal(words("proposals.prefilled"))
    ineke.submit()
    ineke.modal(words("worksessions.check_title"))
    ineke.choose(words("worksessions.mode"), option=words("worksessions.mode_ranked"))
    ineke.type(words("worksessions.limit"), "8-24")
    ineke.choose(words("worksessions.extras"), options=[words("worksessions.extra_hidden")])
    ineke.choose(words("worksessions.closes_day"), date="2021-06-30")
    ineke.choose(words("worksessions.closes"), time="12:00")
    ineke.submit()


@pytest.mark.parametrize("language", ["nl"], indirect=True)
def test_a_hundred_and_fifty_people_go_from_proposals_to_groups_that_work(
    crowd: tuple[Slack, Oogst], words: Words
) -> None:
    slack, bot = crowd
    everybody = guests()
    ask_for_themes(slack, words)
    for person, theme in zip(everybody, THEMES, strict=False):
        one = slack.as_(person.name)
        propose(one, theme, words)
        one.modal(words("proposals.noted_hint"))
        one.close_forms()
    call(slack.as_("Noor"), words, counted(THEMES[-1], 1, words))
    offer_in_order(slack, words)
    card = slack.as_("Noor").finds(CHANNEL, words("selection.header", day=words.day(DAY)))

    chance = random.Random(17)
    silent = {everybody[-1].name, everybody[-2].name}
    topics = dict(bot.rows("SELECT name, id FROM topic"))
    for number, person in enumerate(each for each in everybody if each.name not in silent):
        wishes = chance.choices(THEMES, weights=[9, 7, 5, 4, 3, 3, 2, 1], k=5)
        ranks = list(dict.fromkeys(wishes))[: 1 + chance.randrange(FULL_LIST)]
        if number % 20 == 7:
            slack.as_(person.name).press(words("selection.anywhere"), channel=CHANNEL, ts=card["ts"])
            continue
        for theme in ranks:
            slack.as_(person.name).do(
                "press_stale", channel=CHANNEL, ts=card["ts"], action="selection.pick", value=topics[theme]
            )
    slack.settle()
    assert bot.rows("SELECT count(*) FROM pick") == [(PEOPLE - len(silent),)]
    shown = slack.as_("Noor").finds(CHANNEL, words.count("selection.hidden", PEOPLE - len(silent)))
    assert words.count("selection.first_choices", 2).split(maxsplit=1)[1] not in shown["plain"], "numbers are hidden"

    # who was silent is reminded, and nobody else
    slack.move_clock("2021-06-29T13:00+02:00")
    reminded = {user for (user,) in bot.rows("SELECT user_id FROM outbox WHERE kind = 'selection.reminder'")}
    named = dict(bot.rows("SELECT user_id, name FROM member"))
    assert {named[user] for user in reminded} == silent

    # closing: everybody who chose has a seat, within the sizes, with somebody who leads and somebody who writes
    slack.move_clock("2021-06-30T12:05+02:00")
    slack.as_("Noor").finds(CHANNEL, words("selection.groups_header", day=words.day(DAY)))
    sizes = dict(bot.rows("SELECT group_id, count(*) FROM seat GROUP BY group_id"))
    assert sum(sizes.values()) == PEOPLE - len(silent)
    assert all(8 <= size <= 24 for size in sizes.values()), sizes
    lacking = bot.rows('SELECT number FROM "group" WHERE facilitator IS NULL OR note_taker IS NULL')
    assert lacking == []
    reasons = Counter(reason for (reason,) in bot.rows("SELECT reason FROM seat"))
    assert reasons["first"] > PEOPLE // 2, reasons
    full = "SELECT count(*) FROM seat s JOIN pick p USING (work_session_id, user_id) WHERE p.third_topic_id IS NOT NULL"
    assert bot.rows(f"{full} AND s.reason LIKE 'outside%'") == [(0,)], "who named three topics gets one of them"
    regions = bot.rows(
        "SELECT s.group_id, m.region_id, count(*) FROM seat s JOIN member m ON m.user_id = s.user_id GROUP BY 1, 2"
    )
    assert max(number for _, _, number in regions) < 12, "a region is not put together"
