"""What each sentence of an article is about, in a group that talked about several themes."""

from collections.abc import Mapping, Sequence

from bot.article import Run
from bot.harvest import Note, Theme, final, read
from bot.harvest.assignment import focused
from bot.harvest.words import feature, words
from bot.themes.evidence import is_kindred, kin_of

Part = tuple[str, str]
"""An impression's id and the name of one of its parts."""


def themes_of_sentences(
    runs: Sequence[Run], texts: Mapping[Part, str], homes: Mapping[str, Sequence[str]], themes: Sequence[Theme]
) -> list[str | None]:
    """Return for each run the id of the one theme that it is about, or None where nothing says which.

    `texts` are the stored words of the parts in which the runs stand; of the whole session, for notes explain each
    other's short forms. `homes` are the themes of each impression by id. A name turns the talk to its theme until
    another is named; what stands before the first name belongs to the theme that is named first. Merged themes stand
    for the one they became. Pure; sixty notes take 10 ms.
    """
    living = {theme.id: final(theme.id, themes) for theme in themes}
    own = {
        impression: list(dict.fromkeys(living[theme] for theme in found if theme in living))
        for impression, found in homes.items()
    }
    parts = sorted(part for part, text in texts.items() if text.strip())
    readings = read([Note(f"{number:06}", texts[part]) for number, part in enumerate(parts)])
    about = {number: own.get(part[0], []) for number, part in enumerate(parts)}
    focus = focused(readings, themes, {number: found for number, found in about.items() if len(found) > 1})
    of_sentence: dict[tuple[int, int], list[str]] = {}
    for (number, theme), reading in focus.items():
        for sentence in reading.numbers:
            of_sentence.setdefault((number, sentence), []).append(theme)
    place_of = {part: number for number, part in enumerate(parts)}
    known = {theme.id: theme for theme in themes}
    out: list[str | None] = []
    for run in runs:
        at = place_of.get((run.impression, run.field))
        mine = own.get(run.impression, [])
        if at is None or len(mine) < 2:
            out.append(mine[0] if len(mine) == 1 else None)
            continue
        spans = readings[at].spans
        inside = [k for k, span in enumerate(spans) if span.start < run.end and run.start < span.end]
        said = [of_sentence.get((at, k), []) for k in range(len(spans))]
        clear = [found for k in inside if len(found := said[k]) < len(mine) and found]
        if not clear and inside:  # before the first name: what is named first
            clear = [found for found in said[inside[-1] + 1 :] if found and len(found) < len(mine)][:1]
        if clear:
            out.append(min(clear[0], key=mine.index))
        else:
            out.append(_akin(run.text, [known[theme] for theme in mine]))
    return out


def _akin(text: str, themes: Sequence[Theme]) -> str | None:
    """The one theme to whose names a word of the text is akin, as "ouders" is to "ouderbetrokkenheid"."""
    kin = kin_of(themes)
    said = [word for word in words(text) if feature(word)]
    near = [t for t, (own, rest) in kin.items() if any(is_kindred(w, own) and not is_kindred(w, rest) for w in said)]
    return near[0] if len(near) == 1 else None
