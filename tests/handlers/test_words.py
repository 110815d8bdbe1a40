"""The words people read: complete in both languages, plain, and asked for with the right values."""

import ast
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from babel.messages.pofile import unescape

from handlers.words import HABITS, Words, WordsError, catalogues, files, language_of, load, placeholders
from storage.database.problems import PROBLEMS, Problem

ROOT = Path(__file__).parents[2]
SOURCES = [ROOT / "handlers", ROOT / "bot", ROOT / "storage"]
KEY = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")
NOON = dt.datetime(2021, 9, 16, 11, 0, tzinfo=dt.UTC)


@pytest.fixture(params=list(HABITS))
def words(request: pytest.FixtureRequest) -> Words:
    return load(request.param)


# What the words can do


def test_a_moment_is_shown_in_the_programmes_zone_with_weekday_and_year() -> None:
    nl, en = catalogues().values()
    assert nl.moment(NOON) == "donderdag 16 september 2021, 13:00"
    assert en.moment(NOON) == "Thursday 16 September 2021, 13:00"
    assert nl.in_zone("America/Curacao").moment(NOON) == "donderdag 16 september 2021, 07:00"
    assert nl.day(dt.date(2021, 6, 17)) == "donderdag 17 juni"
    assert nl.time(dt.time(9, 5)) == "09:05"


def test_a_period_names_the_day_once_when_it_starts_and_ends_on_it() -> None:
    nl = load("nl")
    assert nl.period(NOON, NOON + dt.timedelta(hours=3)) == "donderdag 16 september 2021, 13:00-16:00"
    assert nl.period(NOON, NOON + dt.timedelta(hours=12)).endswith("vrijdag 17 september 2021, 01:00")


def test_a_moment_without_a_zone_is_refused_instead_of_guessed() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        load("nl").moment(dt.datetime(2021, 9, 16, 13, 0))  # noqa: DTZ001 - the missing zone is what is tested


def test_a_list_reads_as_people_write_it() -> None:
    nl, en = catalogues().values()
    assert nl.list(["A", "B", "C"]) == "A, B en C"
    assert en.list(["A", "B", "C"]) == "A, B and C"
    assert nl.list(["A"]) == "A"
    assert nl.list([]) == ""


def test_a_plural_takes_the_form_that_fits_the_number() -> None:
    nl = load("nl")
    assert nl.count("setup.regions_found", 1, names="X") == "1 regio: X."
    assert nl.count("setup.regions_found", 1200, names="X") == "1.200 regio's: X."


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (lambda words: words("no.such_text"), "does not exist"),
        (lambda words: words("setup.welcome", name="Noor"), r"no place for \[name\]"),
        (lambda words: words.count("setup.regions_found", 2), r"misses \[names\]"),
        (lambda words: words("setup.regions_found"), "is a plural"),
        (lambda words: words.count("setup.welcome", 2), "has no plural"),
    ],
)
def test_a_text_that_does_not_fit_is_an_error_and_never_a_half_sentence(ask, says: str, words: Words) -> None:
    with pytest.raises(WordsError, match=says):
        ask(words)


def test_a_value_with_braces_is_shown_as_it_was_typed() -> None:
    assert load("nl").count("setup.regions_found", 1, names="{0.__class__}") == "1 regio: {0.__class__}."


@pytest.mark.parametrize(
    ("locale", "language"),
    [("nl-NL", "nl"), ("nl_BE", "nl"), ("en-US", "en"), ("fr-FR", "nl"), ("", "nl"), (None, "nl")],
)
def test_a_member_is_spoken_to_in_their_own_language_when_we_have_it(locale: str | None, language: str) -> None:
    assert language_of(locale) == language
    assert language_of(locale, otherwise="en") == ("en" if locale in ("fr-FR", "", None) else language)


def test_a_language_we_do_not_have_is_an_error() -> None:
    with pytest.raises(WordsError, match="choose one of nl, en"):
        load("fr")


# What is in the files. These read the files line by line themselves, to name the line that is wrong.


@dataclass
class Entry:
    """One block of a .po file, with the line of its key."""

    language: str
    path: Path
    line: int
    key: str
    plural: str | None = None
    forms: list[str] = field(default_factory=list)

    @property
    def where(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line} {self.key}"


def entries(language: str) -> list[Entry]:
    return [entry for path in files(language) for entry in entries_of(language, path)]


def entries_of(language: str, path: Path) -> list[Entry]:
    found: list[Entry] = []
    last = ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        match = re.fullmatch(r'(msgid|msgid_plural|msgstr(?:\[\d\])?)? ?(".*")', line)
        if match is None:
            assert line == "" or line.startswith("#"), f"{path}:{number} is no line of a .po file: {line!r}"
            continue
        last, text = match[1] or last, unescape(match[2])
        if match[1] == "msgid":
            found.append(Entry(language, path, number, text))
        elif last == "msgid_plural":
            found[-1].plural = text
        elif match[1]:
            found[-1].forms.append(text)
        else:
            found[-1].forms[-1] += text
    assert found[0].key == "", "the file starts with its header"
    return found[1:]


ALL = {language: entries(language) for language in HABITS}
EVERY = [entry for found in ALL.values() for entry in found]


def wrong(problems: list[str]) -> None:
    assert not problems, "\n" + "\n".join(problems)


def test_every_key_is_there_once_and_looks_like_a_key() -> None:
    for found in ALL.values():
        lines: dict[str, int] = {}
        problems = []
        for entry in found:
            if entry.key in lines:
                problems.append(f"{entry.where}: also on line {lines[entry.key]}")
            if not KEY.fullmatch(entry.key):
                problems.append(f"{entry.where}: a key looks like selection.closed")
            if entry.plural not in (None, entry.key):
                problems.append(f"{entry.where}: msgid_plural repeats the key")
            lines[entry.key] = entry.line
        wrong(problems)


def test_both_languages_say_the_same_things() -> None:
    nl, en = ({entry.key: entry for entry in ALL[language]} for language in ("nl", "en"))
    wrong([f"{(nl | en)[key].where}: only in this language" for key in sorted(nl.keys() ^ en.keys())])
    problems = []
    for key in nl:
        if bool(nl[key].plural) != bool(en[key].plural):
            problems.append(f"{nl[key].where} and {en[key].where}: a plural in one language only")
        if blanks(nl[key]) != blanks(en[key]):
            problems.append(f"{nl[key].where} has {sorted(blanks(nl[key]))}, {en[key].where} {sorted(blanks(en[key]))}")
    wrong(problems)


def blanks(entry: Entry) -> frozenset[str]:
    return frozenset().union(*(placeholders(form) for form in entry.forms)) - {"count"}


def test_no_text_is_empty_or_untidy() -> None:
    problems = []
    for entry in EVERY:
        if len(entry.forms) != (2 if entry.plural else 1):
            problems.append(f"{entry.where}: a plural has msgstr[0] and msgstr[1], another text one msgstr")
        for form in entry.forms:
            if not form.strip():
                problems.append(f"{entry.where}: empty")
            elif form != form.strip() or "  " in form:
                problems.append(f"{entry.where}: spaces too many in {form!r}")
    wrong(problems)


@pytest.mark.parametrize("key", PROBLEMS)
def test_what_is_wrong_with_a_database_is_told_in_every_language_and_in_a_log_as_in_english(key: str) -> None:
    values = {name: f"the {name}" for name in placeholders(PROBLEMS[key])}
    problem = Problem(key, **values)
    assert str(problem) == load("en")(problem.key, **problem.values)
    assert load("nl")(problem.key, **problem.values) != str(problem)


# Plain Dutch and plain English

LONGEST_SENTENCE = 20

# What we say instead stands in docs/nl/ontwikkelaar.md. Whole words only, so that "tags" in a longer word passes.
FORBIDDEN = {
    "nl": [
        "breakout", "topic", "topics", "feedback", "facilitator", "admin", "tenant", "digest", "knowledge base",
        "commitment", "action item", "actiehouder", "quote", "quotes", "rsvp", "label", "slug", "issue", "error",
        "invalid", "ongeldig", "ongeldige", "submit", "revert", "rollback", "stakeholder", "stakeholders",
        "u", "uw", "gelieve", "teneinde", "derhalve", "middels", "conform", "betreffende", "indien", "tevens",
        "desgewenst", "omtrent", "dient te", "met betrekking tot", "in het kader van", "ten behoeve van",
        "verzenden", "user", "users", "default", "please",
    ],
    "en": [
        "breakout", "tenant", "stakeholder", "stakeholders", "rsvp", "slug", "invalid", "utilize", "leverage",
        "please validate", "in order to", "knowledge base", "action item", "commitment", "rollback",
    ],
}  # fmt: skip


def sentences(text: str) -> Iterator[str]:
    """Split what is read as one sentence; a link, a code and a placeholder count as one word each."""
    text = re.sub(r"<[^>]*>|`[^`]*`|\{[^}]*\}", "x", text)
    for line in text.splitlines():
        yield from re.split(r"(?<=[.!?:])[\"'”’)]*\s+|\s+[·→]\s+", line)


def test_no_sentence_is_longer_than_twenty_words() -> None:
    problems = []
    for entry in EVERY:
        for form in entry.forms:
            for sentence in sentences(form):
                size = len(re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", sentence))
                if size > LONGEST_SENTENCE:
                    problems.append(f"{entry.where}: {size} words: {sentence}")
    wrong(problems)


def test_sentences_are_short_on_average() -> None:
    for language, found in ALL.items():
        sizes = [len(s.split()) for entry in found for form in entry.forms for s in sentences(form) if " " in s]
        assert sum(sizes) / len(sizes) <= 12, language


def test_no_word_of_officials_or_of_programmers_is_used() -> None:
    problems = []
    for entry in EVERY:
        for form in entry.forms:
            spoken = re.sub(r"<[^>]*>|`[^`]*`|\{[^}]*\}", " ", form).lower()
            for word in FORBIDDEN[entry.language]:
                if re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", spoken):
                    problems.append(f"{entry.where}: says {word!r}: {form}")
    wrong(problems)


# The sources and the files fit each other


@dataclass
class Use:
    """A key in the sources: plain, or a pattern when a part of it is made from data."""

    where: str
    pattern: re.Pattern[str]
    asked: bool


def uses() -> list[Use]:
    found = []
    for path in sorted(path for folder in SOURCES for path in folder.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        asked = {id(node.args[0]) for node in ast.walk(tree) if isinstance(node, ast.Call) and asks_for_words(node)}
        for node in ast.walk(tree):
            pattern = key_pattern(node)
            if pattern:
                where = f"{path.relative_to(ROOT)}:{node.lineno}"
                found.append(Use(where, re.compile(pattern), id(node) in asked))
    return found


def asks_for_words(call: ast.Call) -> bool:
    """words(...), self.words(...), words.count(...), Refused(...), Problem(...): the text must exist."""
    function = call.func
    if isinstance(function, ast.Attribute) and function.attr == "count":
        function = function.value
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return bool(call.args) and (name.endswith("words") or name in ("Refused", "Problem"))


def key_pattern(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and KEY.fullmatch(node.value):
        return re.escape(node.value)
    if isinstance(node, ast.JoinedStr):
        parts = [
            re.escape(part.value) if isinstance(part, ast.Constant) and isinstance(part.value, str) else r"[a-z0-9_]+"
            for part in node.values
        ]
        if KEY.fullmatch("".join(p if p != r"[a-z0-9_]+" else "x" for p in parts).replace("\\", "")):
            return "".join(parts)
    return None


def test_every_text_that_is_asked_for_exists() -> None:
    keys = [entry.key for entry in ALL["nl"]]
    wrong(
        [
            f"{use.where}: {use.pattern.pattern}"
            for use in uses()
            if use.asked and not any(map(use.pattern.fullmatch, keys))
        ]
    )


def test_every_text_that_exists_is_asked_for() -> None:
    patterns = [use.pattern for use in uses()]
    wrong(
        [f"{entry.where}: nobody uses it" for entry in ALL["nl"] if not any(p.fullmatch(entry.key) for p in patterns)]
    )
