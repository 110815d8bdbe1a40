"""An article about a session: what was shown as an example, sources, open questions, offers and the next date."""

from bot.trail.importing import article_cues, cues, days, regions
from bot.trail.importing.draft import Draft, trimmed
from bot.trail.importing.layout import Form, Piece
from bot.trail.importing.records import Run
from bot.trail.sheets import Kind


def read(draft: Draft, known: tuple[str, ...], next_day: str) -> None:
    """Read an article. `next_day` is the next meeting as it was understood with its year, "" where none is named."""
    outline = draft.outline
    for piece in outline.pieces:
        if piece.form is not Form.TEXT or piece.quoted:
            continue
        for run in piece.sentences():
            said = outline.said(run)
            if outline.is_taken(run):
                continue
            if article_cues.NEXT.search(said):
                if next_day:
                    draft.add(Kind.MILEPOST, run, on=next_day, sort="other")
            elif not _example(draft, piece, run, known) and not _resource(draft, piece, run):
                _spoken(draft, run)


def _example(draft: Draft, piece: Piece, run: Run, known: tuple[str, ...]) -> bool:
    """Somebody showed how they do it, a method that has proved itself, or a practice in a region that is named."""
    said = draft.outline.said(run)
    region = regions.mentioned(said, known)
    approach = article_cues.APPROACH.search(said) if article_cues.TOLD.search(said) else None
    people = list(cues.PERSON.finditer(said))
    if approach and people:
        told = article_cues.TOLD.search(said)
        start, end = approach.span(2) if approach[2] else approach.span(1)
        whom = Run(run.start + people[0].start(), run.start + people[-1].end())
        after = told is not None and told.start() < approach.start()
        if after:
            draft.add(
                Kind.EXAMPLE, Run(run.start + start, run.start + end), what=run, contact=whom,
                source=_attached(run, said), region=region,
            )  # fmt: skip
            return True
    if proven := article_cues.PROVEN.search(said):
        name = trimmed(draft.outline, Run(run.start + proven.start(1), run.start + proven.end(1)))
        draft.add(Kind.EXAMPLE, name, what=run, region=region)
        return True
    place = article_cues.IN_PLACE.search(said)
    if place and region:
        name = Run(run.start + place.start(1), run.start + place.end(1))
        draft.add(Kind.EXAMPLE, name, what=run, region=region)
        return True
    return False


def _attached(run: Run, said: str) -> Run | None:
    """What is pointed at between brackets: "see the presentation"."""
    at = max(said.rfind("(zie "), said.rfind("(see "))
    close = said.find(")", at)
    return Run(run.start + at + 5, run.start + close) if at >= 0 and close > at else None


def _resource(draft: Draft, piece: Piece, run: Run) -> bool:
    """Something to read, or money that ends; when it ends only where the document says so."""
    said = draft.outline.said(run)
    if article_cues.SOURCE.search(said) and (title := article_cues.NAMED_TITLE.search(said)):
        draft.add(Kind.RESOURCE, Run(run.start + title.start(1), run.start + title.end(1)), note=run)
        return True
    if not article_cues.TEMPORARY.search(said):
        return False
    name = article_cues.SCHEME_NAME.search(said)
    title_run = run
    if name:
        group = next(group for group in (1, 2) if name[group])
        title_run = Run(run.start + name.start(group), run.start + name.end(group))
    ends = [each for each in days.periods(said) if cues.DEADLINE.search(said[max(0, each.start - 14) : each.start])]
    until = (ends[0].ends or ends[0].begins) if ends else ""
    end = run.end
    for following in piece.sentences():  # what is said of the same money goes with it
        if following.start > end and article_cues.GOES_ON.search(draft.outline.said(following)):
            end = following.end
        elif following.start > end:
            break
    draft.add(Kind.RESOURCE, title_run, note=Run(run.start, end), until=until)
    return True


def _spoken(draft: Draft, run: Run) -> None:
    """A question that stayed open, an offer, or something that is needed."""
    said = draft.outline.said(run)
    if article_cues.OFFER.search(said):
        draft.add(Kind.OFFER, run)
    elif said.rstrip("’”\"'").endswith("?") or article_cues.ASKING.search(said):
        draft.add(Kind.QUESTION, run, sort="open_question")
    elif article_cues.NEED.search(said):
        draft.add(Kind.REQUEST, run, sort="other")
