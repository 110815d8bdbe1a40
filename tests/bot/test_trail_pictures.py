"""The pictures of a region: phases on a line of years, and how often each point was spoken of."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise

from bot.drawing import Box, Drawing, Label, Tone
from bot.trail.pictures import (
    LINE,
    LONGEST_HEAD,
    LONGEST_NAME,
    MOST_ROWS,
    NAMES,
    NARROW,
    WIDTH,
    Count,
    Span,
    coverage,
    timeline,
)
from handlers.documents.svg import COLOURS, as_svg


def boxes(drawing: Drawing | None) -> list[Box]:
    assert drawing is not None
    return [shape for shape in drawing.shapes if isinstance(shape, Box)]


def labels(drawing: Drawing | None) -> list[str]:
    assert drawing is not None
    return [shape.text for shape in drawing.shapes if isinstance(shape, Label)]


def test_a_longer_phase_is_a_longer_bar_and_one_without_an_end_is_open() -> None:
    drawn = timeline([
        Span("Verkennen", date(2019, 1, 1), date(2019, 7, 1)), Span("Plan", date(2019, 7, 1), date(2021, 7, 1)),
        Span("Uitvoeren", date(2021, 7, 1), None), Span("Later", None, None),
    ])  # fmt: skip
    short, long, tail, known = boxes(drawn)
    assert 3.5 < long.width / short.width < 4.5
    assert tail.dashed and not known.dashed and tail.x == known.x and known.width < 10 < tail.width
    assert tail.x + tail.width <= WIDTH
    assert "?" in labels(drawn) and "2019" in labels(drawn)


def test_without_any_date_there_is_no_line_of_years_and_without_points_nothing_to_count() -> None:
    assert timeline([Span("Later", None, None)]) is None
    assert timeline([]) is None and coverage([]) is None


def test_a_century_of_phases_keeps_its_years_apart_and_its_rows_on_a_page() -> None:
    spans = [Span(f"Fase {number} met een lange naam erbij", date(1920 + number, 1, 1), date(2010, 1, 1))
             for number in range(90)]  # fmt: skip
    drawn = timeline(spans)
    years = [said for said in labels(drawn) if re.fullmatch(r"\d{4}", said)]
    assert len(years) <= 10 and len(boxes(drawn)) == MOST_ROWS
    assert max(map(len, labels(drawn))) <= LONGEST_NAME


def test_a_long_name_goes_on_at_a_word_and_no_name_stands_over_another_or_outside_the_picture() -> None:
    names = ("Samenwerking tussen onderwijs en jeugdhulp", "Plan", "x" * 90, "Wat " * 40, "Kort")
    assert labels(coverage([Count(names[0], 1)]))[:2] == ["Samenwerking tussen", "onderwijs en jeugdhulp"]
    assert labels(coverage([Count(names[3], 1)]))[1].endswith("Wat…")
    day = date(2020, 1, 1)
    spans = [Span(name, day, None) for name in names * 3]
    for drawn in (coverage([Count(name, 15) for name in names * 4]), timeline(spans)):
        assert drawn is not None
        written = [each for each in drawn.shapes if isinstance(each, Label) and each.anchor == "end" and each.x < NAMES]
        assert all(lower.y - upper.y >= LINE for upper, lower in pairwise(written))
        assert all(13 <= each.y <= drawn.height - 3 and len(each.text) <= LONGEST_NAME for each in written)
        assert all(box.x >= NAMES and box.x + box.width <= WIDTH for box in boxes(drawn))


def test_a_point_that_nobody_spoke_of_is_an_empty_box_with_its_nought() -> None:
    drawn = coverage([Count("Loket", 4), Count("Vervoer", 0), Count("Taal", 2)])
    four, none, two = boxes(drawn)
    assert four.width == 2 * two.width and none.dashed and none.tone is Tone.PAPER and four.x == NAMES
    assert [said for said in labels(drawn) if said.isdigit()] == ["4", "0", "2"]


def test_on_a_phone_names_stand_above_their_bars_and_nothing_reaches_over_the_edge() -> None:
    names = ("Samenwerking tussen onderwijs en jeugdhulp in alle wijken", "Plan", "x" * 90, "Wat " * 40)
    spans = [Span(name, date(1990, 3, 1), date(2021, 4, 1) if name == "Plan" else None) for name in names]
    for drawn in (coverage([Count(name, 15) for name in names], narrow=True), timeline(spans, narrow=True)):
        assert drawn is not None and drawn.width == NARROW
        assert all(box.x >= 0 and box.x + box.width <= NARROW - 8 for box in boxes(drawn))
        said = [each for each in drawn.shapes if isinstance(each, Label)]
        for each in said:
            room = 8 * len(each.text)
            left = {"start": each.x, "middle": each.x - room / 2, "end": each.x - room}[each.anchor]
            assert left >= 0 and left + room <= NARROW + 2 and 12 <= each.y <= drawn.height, each
        for box in boxes(drawn):
            assert not [each for each in said if each.x < box.x + 2 and box.y + 2 < each.y < box.y + box.height]
    assert len([said for said in labels(timeline(spans, narrow=True)) if said.isdigit()]) <= 7


def test_points_of_several_assignments_stand_under_the_name_of_theirs() -> None:
    counts = [Count("Wie belt?", 1, "Loket"), Count("Wie rijdt?", 0, "Vervoer"), Count("Wie betaalt?", 0, "Vervoer")]
    for narrow in (False, True):
        said = [each for each in labels(coverage(counts, narrow=narrow)) if not each.isdigit()]
        assert said == ["Loket", "Wie belt?", "Vervoer", "Wie rijdt?", "Wie betaalt?"]
        assert "Loket" not in labels(coverage(counts[:1], narrow=narrow)), "where there is one it says nothing new"
    long = [Count(f"Punt {number}", 1, f"Opdracht {number} " + "over alles " * 20) for number in range(40)]
    drawn = coverage(long)
    assert len(boxes(drawn)) == MOST_ROWS / 2 and max(map(len, labels(drawn))) <= LONGEST_HEAD + 1


def lightness(colour: str) -> float:
    """Relative luminance of a colour, 0 to 1, as WCAG defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_what_is_drawn_is_told_apart_without_colour() -> None:
    def contrast(one: Tone, other: Tone) -> float:
        darker, lighter = sorted(lightness(COLOURS[each]) for each in (one, other))
        return (lighter + 0.05) / (darker + 0.05)

    assert contrast(Tone.STRONG, Tone.PAPER) >= 3 and contrast(Tone.STRONG, Tone.PALE) >= 3
    assert contrast(Tone.INK, Tone.PAPER) >= 4.5 and contrast(Tone.MIDDLE, Tone.PAPER) >= 3


def test_a_picture_says_what_it_shows_and_nothing_that_somebody_typed_does_anything() -> None:
    nasty = "<script>alert(1)</script>\"&'"
    drawn = coverage([Count(nasty, 1)])
    assert drawn is not None
    made = as_svg(drawn, nasty, nasty)
    assert "<script" not in made and made.count("&lt;script&gt;") >= 3
    assert 'role="img"' in made and re.search(r'aria-labelledby="(p\w+t) (p\w+d)"', made)
