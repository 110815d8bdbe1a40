"""The elements of practice, each with the document and lines where it is seen, and tests that show what Oogst does.

A test that is not named here shows an element when it carries `@pytest.mark.practice("<where>")`.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One element. `where` names documents by number and lines ("001:5"); `tests` are of earlier capabilities."""

    what: str
    where: str
    does: str
    tests: tuple[str, ...] = ()

    @property
    def places(self) -> frozenset[str]:
        """Each place by itself, and all of them as one text."""
        return frozenset({self.where, *(part.strip() for part in self.where.split(","))})


_H, _B, _J = "tests/handlers/", "tests/bot/", "tests/journeys/"

ROWS: tuple[Row, ...] = (
    Row(
        "An article about a session, days after it, with two themes in its headline",
        "001:1-5",
        "a clock of five days to publication, and a headline from what was said",
        (f"{_B}test_article.py::test_the_headline_names_the_two_topics_with_most_voices",),
    ),
    Row(
        "News first, what a theme became, and where the harvest stands",
        "001:7",
        "news under the name of who tells it; a theme keeps its history",
        (
            f"{_H}test_harvest.py::test_the_coordinator_tells_the_news_under_her_own_name",
            f"{_H}test_themes_deciding.py::test_a_merged_theme_leads_to_the_other_and_comes_back_when_that_is_undone",
        ),
    ),
    Row(
        "Somebody shows how they work, with slides",
        "001:9",
        "files are tied to a group or a session, and a practice becomes an example with its contact",
        (f"{_H}test_attachments.py::test_anybody_in_the_session_leaves_photos_with_a_group_or_the_session",),
    ),
    Row(
        "Mixed small groups with newcomers in them",
        "001:11",
        "regions, sectors and newcomers are spread over the groups",
        (f"{_J}test_ranked.py::test_a_hundred_and_fifty_people_go_from_proposals_to_groups_that_work",),
    ),
    Row(
        "A list of themes from which everybody picks freely",
        "001:13-20",
        "a message with the themes; choosing takes two taps",
        (f"{_J}test_choosing.py::test_from_an_empty_workspace_to_groups_with_threads",),
    ),
    Row(
        "Texts per group; a group is not a theme, and some themes nobody spoke of",
        "001:22-50",
        "several themes for one note, a report of what was really discussed, and what nobody served",
        (
            f"{_B}test_material.py::test_the_first_article_gives_four_groups_with_the_themes_they_spoke_of",
            f"{_H}test_themes.py::test_what_nobody_served_starts_the_list_of_the_next_session",
        ),
    ),
    Row(
        "An image of the group itself; a theme that gets another name in the talk",
        "001:24",
        "the words of the room are quoted whole; a theme learns the names that people use",
        (
            f"{_B}test_article.py::test_a_short_impression_is_printed_whole_with_its_question_among_the_questions",
            f"{_H}test_themes_deciding.py::test_an_edited_theme_goes_on_being_found_by_its_earlier_name",
        ),
    ),
    Row(
        "Names and ideas change hands; help with the first next step",
        "001:24",
        "two regions meet once both say yes; a next step without a name is a next step",
        (
            f"{_H}test_introductions.py::test_two_yeses_give_each_the_others_mention_and_nothing_else_of_them",
            f"{_H}test_promises.py::test_a_sentence_without_a_name_becomes_a_next_step",
        ),
    ),
    Row(
        "A note that opens with a question, and a way of working that helps",
        "001:28",
        "a question stands apart, and is shown again where it is asked again; a way of working becomes an example",
        (
            f"{_H}test_themes.py::test_the_card_tells_sessions_questions_and_people_with_a_link_to_the_article",
            f"{_H}test_trail_gathering.py::"
            "test_examples_obstacles_and_open_questions_of_a_group_become_proposals_of_its_region",
        ),
    ),
    Row("Advice, and a risk that is seen", "001:30-34", "an insight and an obstacle have fields of their own"),
    Row(
        "A quote set apart",
        "001:32, 002:14, 004:95",
        "a quote is cut from the stored text, and asked of who said it",
        (
            f"{_H}test_consent.py::test_what_they_answer_is_what_happens",
            f"{_B}test_article.py::test_an_altered_sentence_is_refused",
        ),
    ),
    Row("Advice about figures: coherent, and no absolute targets", "001:36", "a caution in the form of an indicator"),
    Row("A local initiative, and more is asked than there is money for", "001:40", "questions per theme and region"),
    Row(
        "Questions that stayed open",
        "001:40-42, 001:46-50, 000:78-83, 000:105",
        "open questions are kept per theme and carried over",
        (f"{_H}test_memory.py::test_a_question_that_waits_stands_in_the_digest_until_it_is_taken_back",),
    ),
    Row(
        "The same need in two groups",
        "001:42, 001:50",
        "groups that say the same are counted, and what was said earlier is shown",
        (
            f"{_B}test_digest.py::test_the_same_statement_is_read_once_and_counted_twice",
            f"{_J}test_memory.py::test_what_one_session_left_behind_meets_the_next",
        ),
    ),
    Row("A source, money that ends, a call to act", "001:46", "resources with the day on which they end"),
    Row(
        "How did this go in other regions?",
        "001:48",
        "a question goes to a region, and answers come back",
        (f"{_H}test_memory.py::test_a_question_to_a_region_stands_in_its_channel_and_answers_come_back",),
    ),
    Row(
        "Somebody offers something by name",
        "001:50",
        "an offer is a promise once its owner says so",
        (f"{_J}test_promises.py::test_an_offer_comes_true",),
    ),
    Row(
        "The next date, and files to take along",
        "001:52-59, 002:69-71",
        "a date is proposed, checked and reminded of; files are listed under the article",
        (
            f"{_H}test_followup.py::test_a_date_that_the_groups_announced_is_proposed_in_full",
            f"{_H}test_downloads.py::test_what_comes_after_publication_is_not_added_and_what_goes_is_taken_out",
        ),
    ),
    Row("Who belongs to the coalition, and what it wants", "002:3, 002:14", "partners by sector, and the ambition"),
    Row(
        "What a hard time taught about working together",
        "002:5-8",
        "experiences kept with their phase; words that the programme explains",
    ),
    Row(
        "A conference that was put off",
        "002:10",
        "a date that moves keeps its earlier one",
        (
            f"{_H}test_followup_moves.py::"
            "test_a_move_reaches_everybody_who_counted_on_the_date_and_every_text_that_names_it",
        ),
    ),
    Row("A request to the national partners", "002:10-12", "a support request with how far it is"),
    Row(
        "No blueprint: look together, and learn from others",
        "002:12",
        "an example keeps its setting; who asks meets who offers",
    ),
    Row("Takes part in three communities", "002:16", "communities of a region"),
    Row("An agenda of three assignments", "002:18-63", "assignments with their working group"),
    Row(
        "Attention points, some of them questions, some of them three in one line",
        "002:26-44, 002:49-54, 002:61-63",
        "points with coverage; lines that hold several are taken apart",
    ),
    Row("A contact whose name is spelt in two ways", "002:65", "shown only once that person says that it is right"),
    Row("A talk in which a region tells its own story", "000:3-5", "dated material of that region"),
    Row("Seven phases, some of them without an end", "000:7-15, 000:99-103", "phases with open ends"),
    Row("Who spoke with whom, when", "000:17-20", "events with their day"),
    Row(
        "Per phase what was easy, what was hard, what was concluded",
        "000:21-26, 000:45-47, 000:74-75, 000:94-97",
        "experiences per phase, and those of other regions in the same phase",
    ),
    Row("Size, inhabitants, municipalities, boards", "000:28-38", "figures that keep their year"),
    Row("A plan, initiators, a sounding board, a leader", "000:42-44", "roles, filled or vacant"),
    Row("Policy changes, the region goes on", "000:47", "decisions with their day"),
    Row("Dilemmas", "000:46, 000:49-53", "dilemmas become theme proposals"),
    Row("Interests at the table", "000:56-64", "interests, and whose they are"),
    Row("Agreement to plan and budget, signed intent", "000:66-70", "a register of declarations"),
    Row("What to find out, and yields aimed at and reached", "000:72-87", "questions to look into; indicators"),
    Row(
        "A small working group with one of each sector",
        "000:91-93",
        "groups are made with every sector in them",
        (f"{_J}test_ranked.py::test_a_hundred_and_fifty_people_go_from_proposals_to_groups_that_work",),
    ),
    Row("Learning goals, with a reservation", "003:3, 003:7-9", "goals keep their reservation"),
    Row("Examples: what works and why", "003:11, 003:81-83", "cards with success and failure, shared and exported"),
    Row(
        "Themes, links between them, a theme for everybody",
        "003:13-31",
        "one note under several themes; a theme for everybody where people choose and in each thread",
        (
            f"{_B}test_themes_placing.py::test_a_note_that_resembles_two_themes_is_for_a_person_and_one_that_resembles_none_"
            "fits_nowhere",
        ),
    ),
    Row("An application with criteria and a closing date", "003:33-40", "a form, what it misses, a countdown, parties"),
    Row("A plan with goals, owners and time", "003:42-44", "plans of a region"),
    Row("Regions help each other with their plans", "003:46-55", "intervision, and requests for support"),
    Row("A decision, and a contact person", "003:57-59", "a decision with its day and its contact"),
    Row("The years in which it runs", "003:61-63", "the period of the programme"),
    Row("Account managers who know the way", "003:65-67, 003:95-96", "what is stuck goes to who can do something"),
    Row("Figures that can be laid side by side", "003:69-71", "a table of indicators, never a ranking"),
    Row("More is allowed than people think", "003:73-75", "rules in the way, with the answer, used again"),
    Row("Conferences and visits through the year", "003:77-79", "dates of the programme"),
    Row("What came of it, wanted and not wanted; advice", "003:85-89", "evaluations and the final report"),
    Row("From regular money, agreed for long", "003:91-93, 004:61-63, 004:73-75", "a note on money in every plan"),
    Row("An assignment from background to goal", "004:3-37", "the card of an assignment"),
    Row("What must be in place; seven parts", "004:39-75", "preconditions as a checklist, parts as milestones"),
    Row("Watching effects; showing yields in time", "004:45, 004:65-71", "indicators, also in the digest"),
    Row("Principals, contractor, members, and a leader to be found", "004:77-93", "roles, and vacancies that remind"),
)
