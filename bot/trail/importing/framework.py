"""A framework of the programme: goals with their caveat, criteria, deadlines, period, conferences, who helps."""

import re

from bot.trail.importing import cues, days, framework_cues
from bot.trail.importing.draft import Draft, trimmed
from bot.trail.importing.layout import Form, Piece, Section
from bot.trail.importing.records import Run
from bot.trail.sheets import Kind

_ASKED = (
    r"(?:wat|hoe|welke?|what|how|which)\b"
    r"|(?:(?:de|het|een|the|an?|its)\s+)?(?:\w+\s+)?(?:indicator|resultaat|result|aanpak|approach|vraag|question)\b"
)
"""How the second thing that a criterion asks begins, after "and"."""


def read(draft: Draft) -> None:
    """Read a framework; a part that is none of these is a resource: what it is called, and what it says."""
    outline = draft.outline
    outline.take(outline.pieces[0] if outline.pieces else None)
    caveat = _caveat(draft)
    goals = False
    named: Piece | None = None
    for number, section in enumerate(outline.sections):
        heading = section.heading
        if heading and cues.GOAL.search(section.name) and len(section.name.split()) <= 4:
            goals, named = not section.pieces, None
            outline.take(heading)
            _goals(draft, section, None, caveat)
            continue
        if goals and section.pieces and section.pieces[0].glued and heading and not _known(section):
            _goals(draft, section, heading, caveat)
            continue
        if not section.pieces:
            named = heading
            continue
        goals = False
        if number == 0 or heading is outline.pieces[0]:
            _opening(draft, section, caveat)
            continue
        _part(draft, section, named)
        named = None


def _known(section: Section) -> bool:
    return bool(framework_cues.THEMES.search(section.name))


def _caveat(draft: Draft) -> Run | None:
    """The sentence that says that all of it is provisional, in the first paragraph that has one."""
    for piece in draft.outline.pieces[:6]:
        for run in piece.sentences() if piece.form is Form.TEXT else []:
            if framework_cues.CAVEAT.search(draft.outline.said(run)):
                return run
    return None


def _opening(draft: Draft, section: Section, caveat: Run | None) -> None:
    """What stands before the first heading: what it is all for."""
    for piece in section.prose:
        end = caveat.start if caveat and piece.start <= caveat.start < piece.end else piece.end
        said = trimmed(draft.outline, Run(piece.start, end), " ")
        if draft.outline.said(said).strip():
            draft.add(Kind.GOAL, said, caveat=caveat)
    draft.outline.take(caveat)


def _goals(draft: Draft, section: Section, heading: Piece | None, caveat: Run | None) -> None:
    """Each goal: a heading with the text under it, a paragraph, or an item; a reservation is kept apart."""
    own: list[Run] = [caveat] if caveat else []
    draft.outline.take(caveat)
    if heading is None:
        for piece in section.pieces:
            draft.add(Kind.GOAL, piece, caveat=tuple(own))
        return
    body: list[Run] = []
    apart: list[Piece] = []
    for piece in section.pieces:
        if piece.glued and body and framework_cues.CAVEAT.search(piece.text):
            draft.outline.take(piece)
            own = [*own, piece.run]
        elif piece.glued:
            body.append(piece.run)
        else:
            apart.append(piece)
    end = body[-1].end if body else heading.end
    draft.add(Kind.GOAL, Run(heading.start, end), caveat=tuple(own))
    for piece in apart:
        draft.add(Kind.GOAL, piece, caveat=caveat)


def _part(draft: Draft, section: Section, above: Piece | None) -> None:
    """One part of the framework: dates and criteria by what is said, the rest as a resource."""
    outline = draft.outline
    if above is not None:
        outline.take(above)
    rest = list(section.pieces)
    if framework_cues.THEMES.search(section.name):
        rest = [piece for piece in rest if not piece.listed and not piece.text.endswith(":")]
        outline.take(*(piece for piece in section.pieces if piece not in rest))
        rest = [piece for piece in rest if not _for_everybody(draft, piece)]
    for piece in section.pieces:
        if piece.form is Form.TEXT and _dated(draft, section, piece):
            rest = [each for each in rest if each is not piece]
    if _criteria(draft, section):
        rest = [piece for piece in rest if not piece.listed]
    if any(managers(draft, piece) for piece in section.prose):
        return
    said = [piece.run for piece in rest if not outline.is_taken(piece.run)]
    left = [
        run for piece in rest if outline.is_taken(piece.run) for run in piece.sentences() if not outline.is_taken(run)
    ]
    runs = tuple(_close(draft, sorted([*said, *left])))
    if runs and section.heading:
        draft.add(Kind.RESOURCE, trimmed(outline, section.heading.run, " :"), note=runs)
    outline.take(section.heading)


def _for_everybody(draft: Draft, piece: Piece) -> bool:
    """A theme that goes along with all the others; says whether the paragraph holds one."""
    found = framework_cues.FOR_EVERYBODY.search(piece.text)
    if found is None:
        return False
    draft.add(Kind.CROSS_THEME, trimmed(draft.outline, piece.cut(*found.span(1))), note=piece.run)
    draft.outline.take(piece)
    return True


def _close(draft: Draft, runs: list[Run]) -> list[Run]:
    """Runs with nothing but blanks and marks between them are one."""
    out: list[Run] = []
    for run in runs:
        if out and not any(sign.isalnum() for sign in draft.outline.text[out[-1].end : run.start]):
            out[-1] = Run(out[-1].start, run.end)
        else:
            out.append(run)
    return out


def _dated(draft: Draft, section: Section, piece: Piece) -> bool:
    """Deadlines, the period in which it runs, conferences; says whether the paragraph was about a deadline."""
    outline, whole = draft.outline, False
    heading = trimmed(outline, section.heading.run, " :") if section.heading else piece.run
    for run in piece.sentences():
        said = outline.said(run)
        found = list(days.periods(said))
        if not found:
            continue
        if cues.CONFERENCE.search(said):
            _conferences(draft, run, found)
        elif framework_cues.PERIOD.search(said) and found[0].ends and found[0].ends != found[0].begins:
            title = trimmed(outline, Run(run.start, run.start + _name_end(said, found[0].start)), " ")
            draft.add(Kind.MILEPOST, title, on=found[0].begins, until=found[0].ends, sort="period")
            outline.take(run)
        elif day := next((each for each in found if _is_last(said, each)), None):
            draft.add(Kind.MILEPOST, heading, on=day.ends or day.begins, sort="deadline")
            outline.take(piece)
            whole = True
    return whole


def _is_last(said: str, day: days.Period) -> bool:
    """Whether a word right before a day makes it the last one: "until", "no later than"."""
    return bool(cues.DEADLINE.search(said[max(0, day.start - 14) : day.start]))


def _name_end(said: str, before: int) -> int:
    """Where the name of a period ends: before "is", else before the date."""
    head = said[:before]
    for word in (" is ", " loopt ", " runs ", " zijn "):
        if word in head:
            return head.index(word)
    return len(head.rstrip(" ,;:-("))


def _conferences(draft: Draft, run: Run, found: list[days.Period]) -> None:
    """One for each day that a sentence names, called by what they are."""
    said = draft.outline.said(run)
    what = cues.CONFERENCE.search(said)
    if not what:
        return
    begin = said.rfind(" ", 0, said.rfind(" ", 0, what.start()) if what.start() else 0) + 1
    word = said[: what.start()].split()[-1:] or [""]
    begin = what.start() - len(word[0]) - 1 if word[0].islower() and word[0].endswith(("e", "al")) else what.start()
    end = what.end() + len(said[what.end() :].split(" ", 1)[0].rstrip(".,;"))
    label = Run(run.start + begin, run.start + end)
    at = 0
    for day in found:
        close = day.end + (1 if said[day.end : day.end + 1] == ")" else 0)
        start = at + len(said[at:close]) - len(said[at:close].lstrip(" ,enad"))
        when = trimmed(draft.outline, Run(run.start + start, run.start + close), " ,")
        on, until = day.begins, ""
        whole = when.start < label.end and label.start < when.end  # it says itself what is on that day
        draft.add(Kind.MILEPOST, when if whole else (label, when), on=on, until=until, sort="conference")
        at = close
    draft.outline.take(run)


def _criteria(draft: Draft, section: Section) -> bool:
    """What an application must hold: a list after a sentence about criteria."""
    before = [section.name, *(piece.text for piece in section.prose)]
    if not any(framework_cues.CRITERIA.search(said) for said in before) or not section.items:
        return False
    for item in section.items:
        for run in _clauses(draft, item):
            draft.add(Kind.CRITERION, run, asks=_asks(draft.outline.said(run)))
        draft.outline.take(item)
    return True


def _asks(said: str) -> str:
    """Which part of an application a criterion is about: by the word that comes first."""
    named = [(found.start(), name) for name, cue in framework_cues.ASKS if (found := cue.search(said))]
    return min(named)[1] if named else "other"


def _clauses(draft: Draft, item: Piece) -> list[Run]:
    """A criterion that asks several things is parted at its commas."""
    parts, at, depth = [], 0, 0
    for found in re.finditer(rf"[(),;]|\s(?:en|and)\s(?={_ASKED})", item.text):
        sign = found[0]
        depth += (sign == "(") - (sign == ")")
        if sign in "()" or depth:
            continue
        parts.append((at, found.start()))
        at = found.end()
    parts.append((at, len(item.text)))
    runs = [trimmed(draft.outline, item.cut(*part), " ,;.") for part in parts]
    asked = [_asks(draft.outline.said(run)) for run in runs]
    if len({each for each in asked if each != "other"}) < 3:
        return [trimmed(draft.outline, item.run, " ")]
    opening = re.search(r"\b(?:op|on|in)?\s*(?:welke?|wat|hoe|which|what|how)\b", draft.outline.said(runs[0]))
    if opening:
        head = draft.outline.said(runs[0])
        skip = opening.start() + len(opening[0]) - len(opening[0].lstrip())
        runs[0] = Run(runs[0].start + skip, runs[0].start + len(head))
    return runs


def managers(draft: Draft, piece: Piece) -> bool:
    """Who helps on behalf of the national partners, also where no name is given."""
    for run in piece.sentences():
        said = draft.outline.said(run)
        if found := framework_cues.MANAGER.search(said):
            of = Run(run.start + found.start(2), run.start + found.end(2)) if found[2] else None
            mandate = framework_cues.MANDATE.search(piece.text)
            about = trimmed(draft.outline, piece.cut(*mandate.span()), " .") if mandate else None
            name = Run(run.start + found.start(1), run.start + found.end(1))
            draft.add(Kind.ACCOUNT_MANAGER, name, organisation=of, about=about)
            draft.outline.take(piece)
            return True
    return False
