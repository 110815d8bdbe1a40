"""The sheets of the trail: which kinds of things a region and the programme keep, and what is asked about each.

A sheet is a list of fields; forms, pages, imports, exports and the check of what is typed all follow it. The screen's
words for kinds, fields and choices are `trail.kind_<kind>`, `trail.field_<field>` and `trail.choice_<choice>`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.trail.fields import Field, answered, choice, day, line, person, text


class Part(StrEnum):
    """The parts of a region's page, in the order in which they are read; `programme` is of the whole network."""

    PROFILE = "profile"
    AGENDA = "agenda"
    PHASES = "phases"
    EXAMPLES = "examples"
    RULES = "rules"
    ASKING = "asking"
    MONITORING = "monitoring"
    JOINING = "joining"
    TIMELINE = "timeline"
    PROGRAMME = "programme"


class Kind(StrEnum):
    """What an entry can be. The comment in `SHEETS` beside each says in which practice it was found."""

    AMBITION = "ambition"
    PARTNER = "partner"
    CONTACT = "contact"
    FACT = "fact"
    INTEREST = "interest"
    COMMUNITY = "community"
    ASSIGNMENT = "assignment"
    POINT = "point"
    PRECONDITION = "precondition"
    MILESTONE = "milestone"
    ROLE = "role"
    PHASE = "phase"
    EXPERIENCE = "experience"
    EXAMPLE = "example"
    ADOPTION = "adoption"
    OBSTACLE = "obstacle"
    REQUEST = "request"
    OFFER = "offer"
    QUESTION = "question"
    INDICATOR = "indicator"
    EVALUATION = "evaluation"
    REVIEW = "review"
    APPLICATION = "application"
    PARTY = "party"
    PLAN = "plan"
    DECLARATION = "declaration"
    EVENT = "event"
    CRITERION = "criterion"
    PHASE_NAME = "phase_name"
    ROLE_NAME = "role_name"
    ACCOUNT_MANAGER = "account_manager"
    MILEPOST = "milepost"
    RESOURCE = "resource"
    GOAL = "goal"
    CROSS_THEME = "cross_theme"
    TERM = "term"


@dataclass(frozen=True)
class Sheet:
    """A kind of thing: the part of the page where it stands, its fields, and under which kinds it can hang.

    The first field, `title`, is by what an entry is known. Where `parents` is empty it hangs under the region itself,
    or under the programme when `part` is `programme`. `confirmed` entries count only once their own person said yes.
    """

    kind: Kind
    part: Part
    fields: tuple[Field, ...]
    parents: tuple[Kind, ...] = ()
    confirmed: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the fields, in order."""
        return tuple(field.name for field in self.fields)

    @property
    def answered(self) -> frozenset[str]:
        """The names of the fields that who answers fills; whoever changes the entry leaves them as they are."""
        return frozenset(field.name for field in self.fields if field.answered)

    def field(self, name: str) -> Field | None:
        """Return the field of this name."""
        return next((field for field in self.fields if field.name == name), None)


_TITLE, _STORY = line("title", required=True), text("title", required=True)

_SHEETS = (
    # who the region is
    Sheet(Kind.AMBITION, Part.PROFILE, (_STORY,)),
    Sheet(Kind.PARTNER, Part.PROFILE, (_TITLE, line("sector"), line("note"))),
    Sheet(Kind.CONTACT, Part.PROFILE, (_TITLE, person(), line("address", private=True)), confirmed=True),
    Sheet(Kind.FACT, Part.PROFILE, (_TITLE, line("value", required=True), line("year"), line("source"))),
    Sheet(Kind.INTEREST, Part.PROFILE, (_TITLE, line("who"), text("note"))),
    Sheet(Kind.COMMUNITY, Part.PROFILE, (_TITLE, text("note"))),
    # what it works on
    Sheet(
        Kind.ASSIGNMENT,
        Part.AGENDA,
        (
            _TITLE,
            line("group"),
            text("background"),
            text("needs"),
            text("challenge"),
            text("goal"),
            text("money"),
        ),
    ),
    Sheet(Kind.POINT, Part.AGENDA, (_STORY,), (Kind.ASSIGNMENT,)),
    Sheet(Kind.PRECONDITION, Part.AGENDA, (_STORY, choice("standing", "unmet", "met")), (Kind.ASSIGNMENT,)),
    Sheet(
        Kind.MILESTONE,
        Part.AGENDA,
        (_TITLE, text("note"), person(), day("due"), choice("standing", "to_do", "busy", "done")),
        (Kind.ASSIGNMENT, Kind.PLAN),
    ),
    Sheet(
        Kind.ROLE,
        Part.AGENDA,
        (
            _TITLE,
            line("who"),
            person(),
            line("organisation"),
            choice("standing", "filled", "vacant"),
            day("since"),
            day("quiet_until"),
        ),
        (Kind.ASSIGNMENT,),
    ),
    # how far it is
    Sheet(Kind.PHASE, Part.PHASES, (_TITLE, day("begins"), day("ends"), text("note"))),
    Sheet(Kind.EXPERIENCE, Part.PHASES, (_STORY, choice("aspect", "easy", "hard", "conclusion")), (Kind.PHASE,)),
    # what others can use
    Sheet(
        Kind.EXAMPLE,
        Part.EXAMPLES,
        (
            _TITLE,
            text("what", required=True),
            line("for_whom"),
            text("success"),
            text("failure"),
            line("contact", private=True),
            line("source"),
        ),
    ),
    Sheet(Kind.ADOPTION, Part.EXAMPLES, (text("title"),), (Kind.EXAMPLE, Kind.RESOURCE)),
    # rules that obstruct
    Sheet(
        Kind.OBSTACLE,
        Part.RULES,
        (
            _TITLE,
            text("effect", required=True),
            line("where"),
            text("asked"),
            day("due"),
            answered(person("manager")),
            answered(choice("standing", "open", "routed", "answered", "settled")),
            answered(text("answer")),
            answered(day("answered_on")),
            answered(choice("reach", "own", "all")),
        ),
    ),
    # what it asks and gives
    Sheet(
        Kind.REQUEST,
        Part.ASKING,
        (
            _STORY,
            choice("sort", "expertise", "speaker", "money", "thinking_along", "other"),
            line("whom"),
            answered(person("manager")),
            answered(choice("standing", "open", "taken", "given", "declined")),
            answered(text("answer")),
        ),
    ),
    Sheet(Kind.OFFER, Part.ASKING, (_STORY, line("for_whom"))),
    Sheet(Kind.QUESTION, Part.ASKING, (_STORY, choice("sort", "open_question", "dilemma", "bottleneck", "research"))),
    # what it brings
    Sheet(
        Kind.INDICATOR,
        Part.MONITORING,
        (
            _TITLE,
            line("aimed"),
            line("reached"),
            line("year"),
            line("source"),
            choice("effect", "intended", "side_effect"),
            text("note"),
        ),
    ),
    Sheet(
        Kind.EVALUATION,
        Part.MONITORING,
        (text("title", required=True), text("approach"), text("intended"), text("unintended"), text("advice")),
    ),
    Sheet(Kind.REVIEW, Part.MONITORING, (text("title", required=True), text("missed"), text("advice"))),
    # how it came in
    Sheet(
        Kind.APPLICATION,
        Part.JOINING,
        (
            _TITLE,
            text("question"),
            text("approach"),
            text("result"),
            text("indicator"),
            answered(choice("standing", "draft", "handed_in", "accepted", "declined")),
            answered(line("contact")),
            answered(day("decided_on")),
        ),
    ),
    Sheet(
        Kind.PARTY,
        Part.JOINING,
        (
            _TITLE,
            line("who"),
            person(),
            answered(choice("standing", "asked", "agreed", "against")),
            answered(day("on")),
        ),
        (Kind.APPLICATION,),
    ),
    Sheet(Kind.PLAN, Part.JOINING, (_TITLE, text("goals"), text("owners"), text("timeline"), text("money"))),
    Sheet(Kind.DECLARATION, Part.JOINING, (_TITLE, text("what"), day("on"))),
    # what happened
    Sheet(
        Kind.EVENT,
        Part.TIMELINE,
        (_STORY, day("on"), choice("sort", "contact", "decision", "change", "meeting", "news")),
    ),
    # what the whole network shares
    Sheet(
        Kind.CRITERION,
        Part.PROGRAMME,
        (_STORY, choice("asks", "parties", "question", "approach", "result", "indicator", "other")),
    ),
    Sheet(Kind.PHASE_NAME, Part.PROGRAMME, (_TITLE,)),
    Sheet(Kind.ROLE_NAME, Part.PROGRAMME, (_TITLE,)),
    Sheet(Kind.ACCOUNT_MANAGER, Part.PROGRAMME, (_TITLE, person(), line("organisation"), line("about"))),
    Sheet(
        Kind.MILEPOST,
        Part.PROGRAMME,
        (_TITLE, day("on"), day("until"), choice("sort", "period", "deadline", "conference", "visit", "other")),
    ),
    Sheet(Kind.RESOURCE, Part.PROGRAMME, (_TITLE, line("link"), text("note"), day("until"))),
    Sheet(Kind.GOAL, Part.PROGRAMME, (_STORY, text("caveat"))),
    Sheet(Kind.CROSS_THEME, Part.PROGRAMME, (_TITLE, text("note"))),
    Sheet(Kind.TERM, Part.PROGRAMME, (_TITLE, line("meaning", required=True), line("also"))),
)

SHEETS: Mapping[Kind, Sheet] = {sheet.kind: sheet for sheet in _SHEETS}


def kinds_of(part: Part) -> tuple[Kind, ...]:
    """Return what stands on a part of the page by itself, not under another entry."""
    return tuple(sheet.kind for sheet in _SHEETS if sheet.part is part and not sheet.parents)


def children_of(kind: Kind) -> tuple[Kind, ...]:
    """Return what can hang under an entry of this kind."""
    return tuple(sheet.kind for sheet in _SHEETS if kind in sheet.parents)
