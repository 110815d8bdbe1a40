"""SVG: a drawing that a page shows, with its name and its words inside for who cannot see it."""

import zlib
from xml.sax.saxutils import escape

from bot.drawing import Box, Drawing, Label, Shape, Tone

COLOURS = {
    Tone.INK: "#1c2a20",
    Tone.STRONG: "#1d4427",
    Tone.MIDDLE: "#7c8a79",
    Tone.PALE: "#d5dfd2",
    Tone.PAPER: "#ffffff",
}
"""Against paper and each other at least 3 to 1, but for pale, which only carries what has an edge as well."""
ON_SCREEN = "system-ui, sans-serif"


def as_svg(drawing: Drawing, title: str, words: str, *, font: str = ON_SCREEN) -> str:
    """Return the picture as one element; `words` say what it shows."""
    body = "".join(map(_shape, drawing.shapes))
    id_ = f"p{zlib.crc32(f'{title}{body}'.encode()):08x}"
    told = f'<desc id="{id_}d">{escape(words)}</desc>' if words else ""
    by = f"{id_}t {id_}d" if words else f"{id_}t"
    size = f"0 0 {drawing.width:g} {drawing.height:g}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="{by}" viewBox="{size}" '
        f'width="{drawing.width:g}" height="{drawing.height:g}" font-family="{escape(font)}" font-size="13">'
        f'<title id="{id_}t">{escape(title)}</title>{told}'
        f'<rect width="100%" height="100%" fill="{COLOURS[Tone.PAPER]}"/>{body}</svg>'
    )


def _shape(shape: Shape) -> str:
    if isinstance(shape, Box):
        dashes = ' stroke-dasharray="4 3"' if shape.dashed else ""
        return (
            f'<rect x="{shape.x:g}" y="{shape.y:g}" width="{shape.width:g}" height="{shape.height:g}" rx="2" '
            f'fill="{COLOURS[shape.tone]}" stroke="{COLOURS[Tone.STRONG]}"{dashes}/>'
        )
    if isinstance(shape, Label):
        weight = ' font-weight="bold"' if shape.strong else ""
        return (
            f'<text x="{shape.x:g}" y="{shape.y:g}" text-anchor="{shape.anchor}" '
            f'fill="{COLOURS[shape.tone]}"{weight}>{escape(shape.text)}</text>'
        )
    return (
        f'<line x1="{shape.x:g}" y1="{shape.y:g}" x2="{shape.to_x:g}" y2="{shape.to_y:g}" '
        f'stroke="{COLOURS[shape.tone]}"/>'
    )
