"""By which buttons, forms, commands and shortcuts one comes at each action of the table of rights.

A door names what it is about by the names of the scene: "{note}" is Noor's own note, or that of another group.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.programme import Action
from handlers.routing import Click

_FIELD = {
    "type": "input",
    "block_id": "takeaway",
    "label": {"type": "plain_text", "text": "-"},
    "element": {"type": "plain_text_input", "action_id": "impressions.draft"},
}
_TITLE = {"type": "plain_text", "text": "-"}
_VIEW = {
    "type": "modal",
    "callback_id": "impressions.share",
    "title": _TITLE,
    "submit": _TITLE,
    "close": _TITLE,
    "blocks": [_FIELD],
}


@dataclass(frozen=True)
class Door:
    """A route with what it carries.

    `silent` ones say nothing to who may not: they only keep nothing. `about` says of whose things it always is,
    whatever it carries: "own", or "all" for what takes a right over all. `either` is another action that opens it as
    well, `also` one that it needs besides.
    """

    kind: str
    name: str
    value: str = ""
    argument: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, Any] = field(default_factory=dict)
    silent: bool = False
    channel: str = ""
    ts: str = ""
    about: str = ""
    either: Action | None = None
    also: Action | None = None

    @property
    def names_something(self) -> bool:
        """Whether it carries an id, which in another workspace is nobody's."""
        return "{" in f"{self.value}{self.argument}{[*self.metadata.values()]}{[*self.fields, *self.fields.values()]}"

    def click(self, team: str, user: str, key: str, things: Mapping[str, str]) -> Click:
        """Return what Slack would send when somebody goes through it."""
        named = {name: text.format(**things) for name, text in self.metadata.items()}
        filled = {
            name.format(**things): text.format(**things) if isinstance(text, str) else text
            for name, text in self.fields.items()
        }
        return Click(
            self.kind,
            self.name,
            team=team,
            user=user,
            key=key,
            value=self.value.format(**things),
            argument=self.argument.format(**things),
            metadata=json.dumps(named) if named else "",
            fields=filled,
            channel=self.channel,
            ts=self.ts.format(**things),
            view_id="V1" if self.kind in ("form", "closed") or named else "",
            trigger="1.1",
            body={"view": {**_VIEW, "private_metadata": json.dumps(named)}},
        )


def press(name: str, value: str = "", argument: str = "", **metadata: str) -> Door:
    return Door("action", name, value, argument, metadata)


def form(name: str, fields: Mapping[str, Any] | None = None, **metadata: str) -> Door:
    return Door("form", name, metadata=metadata, fields=fields or {})


def command(*names: str) -> list[Door]:
    return [Door("command", name) for name in names]


TAKEAWAY = {"takeaway": "Wij gaan eerder praten.", "easy": "", "hard": "", "conclusion": ""}
_SHAPES = {"session": "{choosing}"}

DOORS: Mapping[Action, list[Door]] = {
    Action.PICK: [
        press("selection.pick", "{offer}"),
        press("selection.anywhere", "{choosing}"),
        press("selection.absent", "{choosing}"),
        press("selection.rank", "{offer}", "0"),
        press("selection.clear", "{choosing}"),
    ],
    Action.ASK_PAIR: [
        press("selection.pair", "{choosing}"),
        press("selection.pair_answer", "{pair}", "yes"),
        form("selection.pair", {"partner": "{partner}"}, session="{choosing}"),
    ],
    Action.TAKE_SEAT: [press("selection.seat", "{session}"), press("selection.why", "{session}")],
    Action.SWAP_SEAT: [
        press("selection.swap", "{session}"),
        press("selection.swap_answer", "sw_none", "yes"),
        form("selection.swap", {"partner": "{partner}"}, session="{session}"),
    ],
    Action.SHAPE_OFFER: [
        press("selection.outlook", "{choosing}"),
        press("selection.outlook_again", **_SHAPES),
        press("selection.leave", "{offer}", **_SHAPES),
        press("selection.shape", "apart:{offer}", **_SHAPES),
        press("selection.merge", "{offer}", **_SHAPES),
        press("selection.place", **_SHAPES),
        form("selection.merge", {"topic": "{offer}", "into": "{offer2}"}, **_SHAPES),
        form("selection.withdraw", {"topic": "{offer}"}, **_SHAPES),
        form("selection.place", {"person": "{person}", "topic": "{offer}"}, **_SHAPES),
        form("selection.limits", {"sizes": "1-8"}, topic="{offer}", **_SHAPES),
    ],
    Action.SET_OWN_REGION: [press("programme.region", "{region}")],
    Action.ANSWER_INVITATION: [
        press("followup.answer", "{planned}", "yes"),
        press("followup.series_file", "sr_none"),
    ],
    Action.SEE_PUBLISHED: [
        press("themes.before", "{offer}"),
        press("theme_harvest.open"),
        press("theme_harvest.file", "md:{theme}"),
        form("theme_harvest.choose", {"theme": "{theme}"}),
        *command("oogst", "harvest"),
        press("followup.trail", "{session}"),
        press("trail.regions"),
        press("trail.page", "{region}"),
        press("trail.part", "{region} agenda"),
        press("trail.examples"),
        form("trail.examples", {"words": "samen"}),
        *command("voorbeelden", "examples"),
        *command("regio", "region"),
    ],
    Action.SEE_TRAIL: [
        press("trail.line", "open {assignment}"),
        press("trail.entry", "{assignment}"),
        press("trail.picture", "phases:{region}"),
    ],
    Action.KEEP_TRAIL: [
        press("trail.keep", "{found}"),
        press("trail.proposed", "{region}"),
        press("trail.unread", "{region} {paper}"),
        press("trail.add", "{region} point {assignment}"),
        press("trail.drop", "{assignment}"),
        press("trail.tie", "example {example} {assignment}"),
        press("trail.route", "{rule}"),
        press("trail.reuse", "{rule} {settled_rule}"),
        press("trail.settle", "{settled_rule}"),
        press("trail.reopen", "{settled_rule}"),
        press("trail.vouch", "{unshared}"),
        form("trail.route", {"manager": "youssef"}, entry="{rule}"),
        press("trail.aimed", "0 %", region="{region}"),
        press("trail.edit", "{assignment}"),
        press("trail.tick", "met {needed}"),
        press("trail.wait", "{vacancy}"),
        press("trail.ask_parties", "{draft}"),
        press("trail.line", "up {assignment}"),
        press("trail.take_names", "{region} phase_name"),
        press("trail.take_names", "{assignment}"),
        form("trail.new", {"title": "Wie haalt wie op?"}, region="{region}", kind="point", parent="{assignment}"),
        form("trail.entry", {"title": "Anders."}, entry="{assignment}", version="1"),
    ],
    Action.APPROVE_TRAIL: [
        press("trail.share", "{assignment}"),
        press("trail.hand_in", "{draft}"),
        press("trail.send_example", "{own_example} {elsewhere}"),
        press("trail.keep_all", "{region}"),
        press("trail.theme", "{dilemma}"),
        press("trail.intervision_no", "iv_none {region}"),
    ],
    Action.ANSWER_TRAIL: [
        press("trail.answer", "{asked_rule}"),
        press("trail.take", "{asked}"),
        form("trail.answer", {"answer": "Het mag.", "reach": "all"}, entry="{asked_rule}"),
    ],
    Action.BUILD_REPORT: [press("trail.report", "md:{region}")],
    Action.CONFIRM_CONTACT: [press("trail.confirm", "{contact}"), press("trail.sign", "agreed {party}")],
    Action.ADOPT_EXAMPLE: [
        Door("action", "trail.use_resource", "{money}", about="own"),
        *(Door("action", f"trail.{name}", "{example}", about="own") for name in ("adopt", "use", "unuse")),
        Door("form", "trail.use", metadata={"entry": "{example}"}, fields={"changed": "Op vrijdag."}, about="own"),
    ],
    Action.SHAPE_PROGRAMME: [
        press("trail.decide", "{handed}"),
        form("trail.decide", {"outcome": "accepted", "contact": "Ineke", "decided_on": "2021-06-01"}, entry="{handed}"),
        press("trail.add", "programme criterion"),
        press("trail.keep_all", "programme"),
        press("trail.intervision", "0"),
        press("trail.intervision_tell", "0 rg_none"),
        press("trail.region_of", "{region} {unplaced}"),
        form("trail.region_other", {"name": "Oosterdam"}, what="{unplaced}"),
        press("trail.round_new"),
        press("trail.round", "{round}"),
        form("trail.round_new", {"kind": "review", "title": "Schooljaar"}),
        form("trail.new", {"title": "Iedereen doet mee."}, region="programme", kind="criterion"),
    ],
    Action.SEE_IMPRESSION: [press("impressions.sign_more", "versions:{note}:1")],
    Action.SHARE_IMPRESSION: [
        press("attachments.group", "{asked_file}:{group}"),
        Door("shortcut", "impressions.share", about="own"),
        Door("action", "impressions.choose", "{group}", channel="D1", ts="{which_ts}"),
        press("impressions.share", "{group}"),
        form("impressions.share", TAKEAWAY, group="{group}"),
        Door("closed", "impressions.share", metadata={"group": "{group}"}, fields=TAKEAWAY, silent=True),
        Door("action", "impressions.draft", metadata={"group": "{group}"}, fields=TAKEAWAY, silent=True),
        press("impressions.afresh", group="{group}"),
    ],
    Action.CHANGE_IMPRESSION: [
        press("impressions.change", "{note}"),
        form("impressions.change", TAKEAWAY, impression="{note}"),
    ],
    Action.WITHDRAW_IMPRESSION: [press("impressions.decline", "{mine}")],
    Action.NAME_SPEAKER: [
        press("impressions.quote_by", "{partner}", "{mine}"),
        press("impressions.quote_keep", "{mine}"),
    ],
    Action.SIGN_OFF: [
        Door(
            "closed",
            "impressions.change",
            metadata={"impression": "{note}"},
            fields=TAKEAWAY,
            silent=True,
            either=Action.SHARE_IMPRESSION,
        ),
        Door(
            "closed",
            "impressions.correct",
            metadata={"impression": "{note}"},
            fields=TAKEAWAY,
            silent=True,
            either=Action.SHARE_IMPRESSION,
        ),
        press("impressions.agree", "{note}:1"),
        press("impressions.object", "{note}:1"),
        form("impressions.object", {"reason": "Dat zeiden we niet."}, impression="{note}", version="1"),
        press("impressions.correct", "{note}:1"),
        form("impressions.correct", TAKEAWAY, impression="{note}", version="1"),
        form("impressions.quote_own", impression="{note}", version="1"),
        press("impressions.sign_more", "object:{note}:1"),
    ],
    Action.ANSWER_QUOTE: [
        press("impressions.quote_also", "{note}:9"),
        press("impressions.quote_answer", "{note}:1", "named"),
        press("impressions.quote_withdraw", "{note}:1"),
    ],
    Action.MAKE_WORK_SESSION: [
        press("worksessions.new"),
        press("worksessions.for_assignment", "{assignment}"),
        press("worksessions.topics", "{planned}"),
        press("worksessions.proposed", "{planned}"),
        form("worksessions.plan", {"title": "Nieuw"}),
        form("worksessions.topics", {"topics": "Nieuw"}),
        form("worksessions.offer", {}),
        *command("nieuw", "new"),
        Door("shortcut", "worksessions.new"),
        Door("action", "practice.start", channel="DNOOR"),
        press("practice.real"),
    ],
    Action.APPOINT: [
        press("worksessions.appoint", "{choosing}"),
        form("worksessions.appoint", {"topic-{offer}": "{person}"}, session="{choosing}"),
    ],
    Action.CLOSE_SELECTION: [
        press("selection.close_here", **_SHAPES),
        Door("action", "selection.closing", metadata=_SHAPES, also=Action.SHAPE_OFFER),
        Door("form", "selection.closing", metadata=_SHAPES, also=Action.SHAPE_OFFER),
        press("selection.close", "{choosing}"),
    ],
    Action.MOVE_SEAT: [
        press("selection.move", "{session}"),
        press("selection.lead", "{group}"),
        form("selection.move", {"person": "{person}", "group": "{group}", "as": "participant"}, session="{session}"),
    ],
    Action.REMIND: [
        Door("action", "selection.remind", metadata=_SHAPES, also=Action.SHAPE_OFFER),
        press("prompting.remind", "{session}/group"),
        press("prompting.remind_all", "{session}"),
    ],
    Action.SEE_DRAFT: [press("harvest.draft", "{session}"), press("harvest.more", "md:{article}")],
    Action.SEE_DRIFT: [press("themes.drift", "{session}")],
    Action.EDIT_ARTICLE: [
        form("harvest.edit", {"headline": "Kop"}, form="fm_none"),
        press("harvest.edit", "{article}"),
        press("harvest.downloads", "{article}"),
        form("harvest.downloads", {"listed": []}, article="{article}"),
        press("harvest.revise", "{article}:{note}:1:correction", "update"),
    ],
    Action.PUBLISH: [press("harvest.publish", "{article}:1")],
    Action.DECIDE_DELIVERY: [press("delivery.decide", "1,2", "again"), press("delivery.open")],
    Action.SET_NEXT_DATE: [
        press("followup.choose", "{session}"),
        press("followup.make", "{session} 2021-09-16"),
        form("followup.plan", {"day": "2021-09-16"}, session="{session}"),
        *command("volgende", "next"),
    ],
    Action.MANAGE_PEOPLE: [press("programme.people"), form("programme.people", {"people": [], "roles": ["admin"]})],
    Action.PROPOSE_THEME: [
        press("proposals.new"),
        *command("thema", "theme", "voorstel", "proposal"),
        Door("shortcut", "proposals.new"),
        Door("shortcut", "proposals.message"),
        form("proposals.propose", {"name": "Iets nieuws"}),
        form("proposals.insist", {"name": "Iets nieuws"}),
        press("proposals.support", "proposal:{proposal}", "on"),
    ],
    Action.BACK_PROPOSAL: [
        press("proposals.list"),
        press("proposals.back", "{proposal}"),
        press("proposals.take_back", "{proposal}"),
    ],
    Action.WITHDRAW_PROPOSAL: [press("proposals.withdraw", "{proposal}")],
    Action.REVIEW_PROPOSALS: [
        press("proposals.ask", "{planned}"),
        press("proposals.review", "{planned}"),
        press("proposals.decide", "{proposal} 1", "later", session=""),
        press("proposals.edit", "{proposal} 1", session=""),
        press("proposals.merge", "{proposal} 1", session=""),
        press("proposals.apart", "{proposal} 1", session="", proposal="{proposal}"),
        form("proposals.edit", {"name": "Anders"}, session="", proposal="{proposal}", version="1"),
        form("proposals.merge", {"into": "{proposal}"}, session="", proposal="{proposal}", version="1"),
    ],
    Action.REMOVE_ATTACHMENT: [
        Door("action", "attachments.hand_in", "{file_at}", also=Action.SHARE_IMPRESSION),
        press("attachments.decline", "{file_at}"),
        press("attachments.only_keep", "{file_at}"),
    ],
    Action.ASK_PROMISE: [
        Door("action", "promises.assign", "{article}", about="all"),
        press("promises.choose", "{mine}"),
        form("promises.ask", {"sentence": "{sentence_value}", "owner": "{partner}", "due": ""}),
        press("promises.next_step", "{mine}"),
        press("promises.take_back", "{given}"),
        press("promises.release", "{given}"),
    ],
    Action.ANSWER_PROMISE: [
        Door("action", "promises.sentence", "{promise}", either=Action.ASK_PROMISE),
        Door("form", "promises.sentence", metadata={"promise": "{promise}"}, either=Action.ASK_PROMISE),
        press("promises.accept", "{promise}"),
        press("promises.decline", "{promise}"),
        press("promises.due", "2021-09-09", "{promise}"),
        press("promises.change", "{promise}"),
        form("promises.change", {"own_words": "Eén blad.", "due": ""}, promise="{promise}"),
    ],
    Action.MARK_PROMISE: [
        press("promises.done", "{promise}"),
        press("promises.moved", "{promise}"),
        press("promises.dropped", "{promise}"),
        press("promises.reopen", "{promise}"),
        form("promises.move", {"due": "2021-10-01"}, promise="{promise}"),
    ],
    Action.WANT_PROMISE: [press("promises.want", "{promise}"), press("promises.want_not", "{promise}")],
    Action.RUN_DATE_POLL: [
        press("followup.poll", "{held}"),
        press("followup.poll_for", "{assignment}"),
        press("followup.poll_change", "{poll}"),
        press("followup.poll_row", form="fm_none"),
        press("followup.poll_again", form="fm_none"),
        form("followup.poll", {"typed": "morgen"}, form="fm_none"),
        form("followup.poll_check", form="fm_none"),
        press("followup.poll_choose", "{option}"),
        press("followup.poll_show", "{poll}"),
        press("followup.poll_other", "{poll}"),
        press("followup.poll_extend", "{poll}"),
        press("followup.poll_stop", "{poll}"),
        form("followup.poll_pick", {"option": "{option}"}, poll="{poll}", version="{poll_version}"),
        form("followup.poll_extend", {"deadline_day": "2021-07-01"}, poll="{poll}", version="{poll_version}"),
        form("followup.poll_stop", poll="{poll}", version="{poll_version}"),
        *command("datum", "date"),
    ],
    Action.ANSWER_DATE_POLL: [
        press("followup.vote", "{option}", "yes"),
        press("followup.vote_all", "{poll}"),
        form("followup.vote_all", {"say:{option}": "yes"}, poll="{poll}"),
    ],
    Action.MOVE_SESSION: [
        form("followup.move_check", form="fm_none"),
        press("followup.move", "{planned}"),
        form("followup.move", {"day": "2021-09-17"}, session="{planned}"),
    ],
    Action.CANCEL_SESSION: [
        press("followup.cancel", "{planned}"),
        form("followup.cancel", {"reason": "Ziek."}, session="{planned}"),
    ],
    Action.SET_SERIES: [
        press("followup.series", "{held}"),
        press("followup.series_for", "{assignment}"),
        press("followup.series_again", form="fm_none"),
        press("followup.series_change", "sr_none"),
        press("followup.series_stop", "sr_none"),
        press("followup.series_decide", "sr_none 2021-10-01", "skip"),
        form("followup.series", {"title": "Reeks"}, form="fm_none"),
        form("followup.series_check", form="fm_none"),
        form("followup.series_stop", series="sr_none", version="1"),
        *command("reeks", "series"),
    ],
    Action.SET_HOLIDAYS: [
        press("followup.holidays"),
        form("followup.holidays", {"holidays:{region}": "Noord"}),
        *command("vakantie", "holidays"),
    ],
    Action.PAUSE_MESSAGES: [
        press("nudges.pause", "2021-07-01"),
        press("nudges.resume"),
        *(Door("command", name, "vrijdag") for name in ("stil", "quiet")),
    ],
    Action.SET_WRITING: [
        press("writing.open"),
        press("writing.stop", "region:{region}"),
        press("writing.allow", "region:{region}"),
        *command("taalmodel", "model"),
    ],
    Action.ASK_MEMORY: [
        Door("command", "*"),
        press("memory.sources", "{asked}"),
        press("memory.vote", "{asked}", "yes"),
        press("memory.wait", "{asked}"),
        press("memory.let_go", "{asked}"),
        press("memory.take_back", "{asked}"),
        press("memory.close", "{asked}"),
        press("memory.region", "{asked}"),
        press("memory.know", "{asked}"),
        form("memory.put", {"question": "Wie weet dit?", "region": "{region}"}, question="{asked}"),
    ],
    Action.CURATE_THEMES: [
        press("themes.proposals"),
        press("themes.decide", "tp_none 1", "yes"),
        press("themes.rename", "tp_none 1"),
        press("themes.belongs", "tp_none 1"),
        press("themes.list"),
        press("themes.new"),
        press("themes.open", "{theme}"),
        press("themes.merge", "{theme} 1"),
        press("themes.split", "{theme} 1"),
        press("themes.undo", "{theme} ch_none", theme="{theme}"),
        press("themes.sentences", "{theme}"),
        press("themes.move", "{sentence} {theme}", theme="{theme}"),
        form("themes.rename", {"name": "Anders"}, proposal="tp_none", version="1"),
        form("themes.belongs", {"theme": "{theme}"}, proposal="tp_none", version="1"),
        form("themes.new", {"name": "Nieuw"}),
        form("themes.edit", {"name": "Anders"}, theme="{theme}", version="1"),
        form("themes.merge", {"into": "{theme}"}, theme="{theme}", version="1"),
        form("themes.split", {"name": "Deel", "notes": []}, theme="{theme}", version="1"),
        *command("thema's", "themas", "themes"),
    ],
    Action.PLACE_NOTE: [
        Door("action", "themes.queue", about="own"),
        press("themes.place", "{mine} {theme}"),
        press("themes.none", "{mine}"),
    ],
    Action.SET_DIGEST: [
        press("digest.undo", "{change}"),
        Door("action", "digest.follow", "{theme}", about="own"),
        *(Door("command", name, about="own") for name in ("oogstbericht", "digest")),
        press("digest.settings", "{region}"),
        form("digest.settings", region="{region}", version="1"),
        press("digest.less", "{region}"),
        press("digest.stop", "{region}"),
    ],
    Action.PREVIEW_DIGEST: [
        *(Door("command", name, about="own") for name in ("voorbeeld", "preview")),
        press("digest.preview", "{region}"),
        press("digest.preview_of", "{region}"),
        press("digest.keep_out", "dg_none {sentence}", region="{region}"),
    ],
    Action.ANSWER_OPEN_QUESTION: [
        press("digest.know", "dg_none {sentence}"),
        form("digest.know", {"answer": "Bij ons betaalt de gemeente."}, digest="dg_none", sentence="{sentence}"),
    ],
    Action.ASK_INTRODUCTION: [
        press("introductions.show", "{intro}"),
        form("introductions.ask", id="{intro}"),
        press("introductions.back", "{intro_started}"),
        Door("action", "introductions.begin", "{phase} {reached}", also=Action.SEE_TRAIL),
        Door(
            "form",
            "introductions.begin",
            metadata={"question": "{phase}", "answer": "{reached}"},
            also=Action.SEE_TRAIL,
        ),
    ],
    Action.ANSWER_INTRODUCTION: [
        press("introductions.yes", "{intro_asked}"),
        press("introductions.no", "{intro_asked}"),
    ],
}

UNASKED: Mapping[Action, str] = {
    Action.ADD_ATTACHMENT: "asked when a file is dropped in a thread, not at a button",
    Action.SEE_PROMISES: "adds to what /beloftes shows; who may not sees their own",
}
"""Actions that no button or form asks for: what they add is left out for who may not."""

_OWN_LIST = "shows somebody what they promised themselves; more only to who may see all promises"
_HELP = "says what can be done here"
_OWN_DATA = "everybody sees, takes along and erases what is kept of them, whatever became of their account"
NO_RIGHT: Mapping[tuple[str, str], str] = {
    ("action", "home.refresh"): "does nothing: every click in the Home draws it anew for who clicked",
    ("action", "digest.read"): "does nothing: Slack follows the link",
    **{("closed", name): "draws the windows below, for who may see them" for name in ("trail.entry", "trail.new")},
    ("action", "digest.unsay"): "takes back one's own answer",
    ("action", "attachments.drop"): "takes back one's own file",
    ("action", "impressions.let_go"): "lets go of one's own message",
    ("action", "impressions.more"): "draws the form that is open with more fields",
    ("action", "personal.show"): _OWN_DATA,
    ("action", "personal.export"): _OWN_DATA,
    ("action", "personal.forget"): _OWN_DATA,
    ("form", "personal.forget"): _OWN_DATA,
    **{("command", name): _OWN_LIST for name in ("beloftes", "belofte", "promises", "promise")},
    **{("command", name): _HELP for name in ("", "help", "hulp")},
}
"""Routes that everybody may use, each with the reason."""

PASSED_OVER: Mapping[tuple[str, str], str] = {
    ("action", "followup.series"): "begins an empty form where it does not know the session",
    ("form", "followup.holidays"): "goes by the regions that there are",
    ("action", "proposals.decide"): "draws the list anew, and says that the proposal is gone",
    ("action", "themes.place"): "draws the window anew, and says that the note is placed already",
    ("action", "themes.none"): "draws the window anew, and says that the note is placed already",
}
"""Doors at which an unknown id is no refusal, each with what happens instead."""
