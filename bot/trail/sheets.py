"""The sheets of the trail: which kinds of things a region and the programme keep, and what is asked about each.

A sheet is a list of fields; forms, pages, imports, exports and the check of what is typed all follow it. The screen's
words for kinds, fields and choices are `trail.kind_<kind>`, `trail.field_<field>` and `trail.choice_<choice>`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum


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


class Type(StrEnum):
    """What a field takes.

    `line`: one line of text. `text`: a paragraph. `day`: a date of which the day or the month may be unknown, as
    "2006", "2006-03" or "2006-03-17". `person`: somebody in the workspace, by user id. `choice`: one of the field's.
    """

    LINE = "line"
    TEXT = "text"
    DAY = "day"
    PERSON = "person"
    CHOICE = "choice"


@dataclass(frozen=True)
class Field:
    """One thing that a sheet asks. `private` is shown only to who may change the entry; `answered` is filled by who
    answers for the national partners, and not in the region's own form."""

    name: str
    type: Type = Type.LINE
    required: bool = False
    choices: tuple[str, ...] = ()
    private: bool = False
    answered: bool = False


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


def _line(name: str, *, required: bool = False, private: bool = False) -> Field:
    return Field(name, Type.LINE, required, private=private)


def _text(name: str, *, required: bool = False) -> Field:
    return Field(name, Type.TEXT, required)


def _day(name: str) -> Field:
    return Field(name, Type.DAY)


def _person(name: str = "person") -> Field:
    return Field(name, Type.PERSON)


def _choice(name: str, *choices: str) -> Field:
    """The first choice is what holds as long as nobody says otherwise."""
    return Field(name, Type.CHOICE, choices=choices)


def _answered(field: Field) -> Field:
    return replace(field, answered=True)


_TITLE, _STORY = _line("title", required=True), _text("title", required=True)

_SHEETS = (
    # who the region is
    Sheet(Kind.AMBITION, Part.PROFILE, (_STORY,)),
    Sheet(Kind.PARTNER, Part.PROFILE, (_TITLE, _line("sector"), _line("note"))),
    Sheet(Kind.CONTACT, Part.PROFILE, (_TITLE, _person(), _line("address", private=True)), confirmed=True),
    Sheet(Kind.FACT, Part.PROFILE, (_TITLE, _line("value", required=True), _line("year"), _line("source"))),
    Sheet(Kind.INTEREST, Part.PROFILE, (_TITLE, _line("who"), _text("note"))),
    Sheet(Kind.COMMUNITY, Part.PROFILE, (_TITLE, _text("note"))),
    # what it works on
    Sheet(
        Kind.ASSIGNMENT,
        Part.AGENDA,
        (
            _TITLE,
            _line("group"),
            _text("background"),
            _text("needs"),
            _text("challenge"),
            _text("goal"),
            _text("money"),
        ),
    ),
    Sheet(Kind.POINT, Part.AGENDA, (_STORY,), (Kind.ASSIGNMENT,)),
    Sheet(Kind.PRECONDITION, Part.AGENDA, (_STORY, _choice("standing", "unmet", "met")), (Kind.ASSIGNMENT,)),
    Sheet(
        Kind.MILESTONE,
        Part.AGENDA,
        (_TITLE, _text("note"), _person(), _day("due"), _choice("standing", "to_do", "busy", "done")),
        (Kind.ASSIGNMENT, Kind.PLAN),
    ),
    Sheet(
        Kind.ROLE,
        Part.AGENDA,
        (
            _TITLE,
            _line("who"),
            _person(),
            _line("organisation"),
            _choice("standing", "filled", "vacant"),
            _day("since"),
            _day("quiet_until"),
        ),
        (Kind.ASSIGNMENT,),
    ),
    # how far it is
    Sheet(Kind.PHASE, Part.PHASES, (_TITLE, _day("begins"), _day("ends"), _text("note"))),
    Sheet(Kind.EXPERIENCE, Part.PHASES, (_STORY, _choice("aspect", "easy", "hard", "conclusion")), (Kind.PHASE,)),
    # what others can use
    Sheet(
        Kind.EXAMPLE,
        Part.EXAMPLES,
        (
            _TITLE,
            _text("what", required=True),
            _line("for_whom"),
            _text("success"),
            _text("failure"),
            _line("contact"),
            _line("source"),
        ),
    ),
    Sheet(Kind.ADOPTION, Part.EXAMPLES, (_text("title"),), (Kind.EXAMPLE, Kind.RESOURCE)),
    # rules that obstruct
    Sheet(
        Kind.OBSTACLE,
        Part.RULES,
        (
            _TITLE,
            _text("effect", required=True),
            _line("where"),
            _text("asked"),
            _day("due"),
            _answered(_person("manager")),
            _answered(_choice("standing", "open", "routed", "answered", "settled")),
            _answered(_text("answer")),
            _answered(_day("answered_on")),
            _answered(_choice("reach", "own", "all")),
        ),
    ),
    # what it asks and gives
    Sheet(
        Kind.REQUEST,
        Part.ASKING,
        (
            _STORY,
            _choice("sort", "expertise", "speaker", "money", "thinking_along", "other"),
            _line("whom"),
            _answered(_person("manager")),
            _answered(_choice("standing", "open", "taken", "given", "declined")),
            _answered(_text("answer")),
        ),
    ),
    Sheet(Kind.OFFER, Part.ASKING, (_STORY, _line("for_whom"))),
    Sheet(Kind.QUESTION, Part.ASKING, (_STORY, _choice("sort", "open_question", "dilemma", "bottleneck", "research"))),
    # what it brings
    Sheet(
        Kind.INDICATOR,
        Part.MONITORING,
        (
            _TITLE,
            _line("aimed"),
            _line("reached"),
            _line("year"),
            _line("source"),
            _choice("effect", "intended", "side_effect"),
            _text("note"),
        ),
    ),
    Sheet(
        Kind.EVALUATION,
        Part.MONITORING,
        (_text("title", required=True), _text("approach"), _text("intended"), _text("unintended"), _text("advice")),
    ),
    Sheet(Kind.REVIEW, Part.MONITORING, (_text("title", required=True), _text("missed"), _text("advice"))),
    # how it came in
    Sheet(
        Kind.APPLICATION,
        Part.JOINING,
        (
            _TITLE,
            _text("question"),
            _text("approach"),
            _text("result"),
            _text("indicator"),
            _answered(_choice("standing", "draft", "handed_in", "accepted", "declined")),
            _answered(_line("contact")),
            _answered(_day("decided_on")),
        ),
    ),
    Sheet(
        Kind.PARTY,
        Part.JOINING,
        (
            _TITLE,
            _line("who"),
            _person(),
            _answered(_choice("standing", "asked", "agreed", "against")),
            _answered(_day("on")),
        ),
        (Kind.APPLICATION,),
    ),
    Sheet(Kind.PLAN, Part.JOINING, (_TITLE, _text("goals"), _text("owners"), _text("timeline"), _text("money"))),
    Sheet(Kind.DECLARATION, Part.JOINING, (_TITLE, _text("what"), _day("on"))),
    # what happened
    Sheet(
        Kind.EVENT,
        Part.TIMELINE,
        (_STORY, _day("on"), _choice("sort", "contact", "decision", "change", "meeting", "news")),
    ),
    # what the whole network shares
    Sheet(
        Kind.CRITERION,
        Part.PROGRAMME,
        (_STORY, _choice("asks", "parties", "question", "approach", "result", "indicator", "other")),
    ),
    Sheet(Kind.PHASE_NAME, Part.PROGRAMME, (_TITLE,)),
    Sheet(Kind.ROLE_NAME, Part.PROGRAMME, (_TITLE,)),
    Sheet(Kind.ACCOUNT_MANAGER, Part.PROGRAMME, (_TITLE, _person(), _line("organisation"), _line("about"))),
    Sheet(
        Kind.MILEPOST,
        Part.PROGRAMME,
        (_TITLE, _day("on"), _day("until"), _choice("sort", "period", "deadline", "conference", "visit", "other")),
    ),
    Sheet(Kind.RESOURCE, Part.PROGRAMME, (_TITLE, _line("link"), _text("note"), _day("until"))),
    Sheet(Kind.GOAL, Part.PROGRAMME, (_STORY, _text("caveat"))),
)

SHEETS: Mapping[Kind, Sheet] = {sheet.kind: sheet for sheet in _SHEETS}


def kinds_of(part: Part) -> tuple[Kind, ...]:
    """Return what stands on a part of the page by itself, not under another entry."""
    return tuple(sheet.kind for sheet in _SHEETS if sheet.part is part and not sheet.parents)


def children_of(kind: Kind) -> tuple[Kind, ...]:
    """Return what can hang under an entry of this kind."""
    return tuple(sheet.kind for sheet in _SHEETS if kind in sheet.parents)
