"""What a coordinator may leave of a draft: whole sentences that the group wrote, and nothing else."""

import re
from collections.abc import Sequence

from bot.article.composing import run_at
from bot.article.records import ORDER, Contribution, Run
from bot.harvest import split
from bot.impressions import PARTS, Impression
from bot.problem import Problem


def read_lines(
    name: str, text: str, contribution: Contribution, known: Sequence[Run]
) -> tuple[list[Run], list[Problem]]:
    """Read one sentence a line, as the coordinator left them in the field `name`.

    A line has to be words of one of the group's impressions, in whole sentences: half a sentence can say the
    opposite of it. White space counts as one blank. `known` are the runs that the draft has now: their lines keep
    their place in it. The first line that nobody wrote is the problem.
    """
    lines = [line for line in map(_folded, text.splitlines()) if line]
    runs: list[Run] = []
    waiting = list(known)
    for line in lines:
        run = next((r for r in waiting if _folded(r.text) == line), None)
        if run is not None:
            waiting.remove(run)
        else:
            run = _written(line, contribution.impressions)
        if run is not None and not contribution.shows(run):
            return [], [
                Problem(name, "harvest.problem.withheld", {"start": line if len(line) <= 40 else f"{line[:39]}…"})
            ]
        if run is None:
            key = "half" if _inside(line, contribution.impressions) else "not_theirs"
            return [], [
                Problem(name, f"harvest.problem.{key}", {"start": line if len(line) <= 40 else f"{line[:39]}…"})
            ]
        if run.place not in {r.place for r in runs}:
            runs.append(run)
    return sorted(runs, key=lambda run: ORDER[run.part]), []


def _folded(text: str) -> str:
    return " ".join("".join(c for c in text if c.isprintable() or c.isspace()).split())


def _written(line: str, impressions: Sequence[Impression]) -> Run | None:
    """Find a line among the impressions: a whole part, or from the start of a sentence to the end of one."""
    for impression in impressions:
        for name in PARTS:
            text = impression.text(name)
            spans = split(text)
            starts, ends = {span.start for span in spans}, {span.end for span in spans}
            for found in re.finditer(_pattern(line), text):
                start, end = found.span()
                if (start in starts and end in ends) or text.strip() == found.group():
                    return run_at(impression, name, start, end)
    return None


def _inside(line: str, impressions: Sequence[Impression]) -> bool:
    return any(re.search(_pattern(line), impression.text(name)) for impression in impressions for name in PARTS)


def _pattern(line: str) -> str:
    return r"\s+".join(map(re.escape, line.split()))
