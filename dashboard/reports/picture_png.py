"""The pictures of the pack as PNG, for mail readers: they show no SVG. Drawn without a browser and without a system library.

The very elements of the SVG are drawn, so that a mail and a pack show the same picture. Only what `pictures` uses is
known here; anything else is an error, not a gap in a picture.
"""

from __future__ import annotations

import io
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

from dashboard.reports.markup import Element
from dashboard.reports.page_pdf import font_file

FINER = 3  # shapes are drawn this many times larger and reduced: that smooths their edges
COLOURS = 96  # enough for few colours and smooth edges; a third of the bytes
Point = tuple[float, float]


class UnknownElement(ValueError):
    """A picture holds an element that is not drawn here; the text names it."""


def png_bytes(picture: Element, width: int) -> bytes:
    """The picture on white ground, this many pixels wide."""
    across, down = (float(number) for number in picture.get("viewBox", "").split()[2:])
    scale = width / across
    large = scale * FINER
    size = (width, round(down * scale))
    canvas = Image.new("RGB", (size[0] * FINER, size[1] * FINER), "white")
    draw = ImageDraw.Draw(canvas)
    for one in picture:
        if one.tag not in ("title", "text"):
            _draw(draw, one, large)
    small = canvas.reduce(FINER)
    # Letters are drawn at their own size: they have their own way of smoothing.
    writing = ImageDraw.Draw(small)
    for one in picture:
        if one.tag == "text":
            anchor = {"start": "ls", "middle": "ms", "end": "rs"}[one.get("text-anchor", "start")]
            font = _font(round(_number(one, "font-size") * scale))
            place = (_number(one, "x") * scale, _number(one, "y") * scale)
            writing.text(place, one.text or "", fill=one.get("fill", "black"), font=font, anchor=anchor)
    buffer = io.BytesIO()
    small.quantize(COLOURS, dither=Image.Dither.NONE).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _draw(draw: ImageDraw.ImageDraw, one: Element, scale: float) -> None:
    fill = None if one.get("fill", "none") == "none" else one.get("fill")
    stroke = one.get("stroke")
    thickness = max(1, round(float(one.get("stroke-width", "1")) * scale)) if stroke else 0
    match one.tag:
        case "polygon":
            draw.polygon(_points(one, scale), fill=fill)
        case "polyline":
            draw.line(_points(one, scale), fill=stroke, width=thickness, joint="curve")
        case "line":
            _dashed(draw, one, scale, stroke, thickness)
        case "circle":
            x, y, radius = (_number(one, name) * scale for name in ("cx", "cy", "r"))
            radius += thickness / 2
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=fill, outline=stroke, width=thickness)
        case unknown:
            raise UnknownElement(str(unknown))


def _dashed(draw: ImageDraw.ImageDraw, one: Element, scale: float, stroke: str | None, thickness: int) -> None:
    """A level line, in pieces where it is dashed."""
    first, last, y = (_number(one, name) * scale for name in ("x1", "x2", "y1"))
    dashes = [float(part) * scale for part in one.get("stroke-dasharray", "").split()] or [last - first, 0.0]
    position = first
    while position < last:
        draw.line((position, y, min(position + dashes[0], last), y), fill=stroke, width=thickness)
        position += sum(dashes)


def _points(one: Element, scale: float) -> list[Point]:
    pairs = (pair.split(",") for pair in one.get("points", "").split())
    return [(float(x) * scale, float(y) * scale) for x, y in pairs]


def _number(one: Element, name: str) -> float:
    return float(one.get(name, "0"))


@lru_cache(maxsize=8)
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """The font of the pack; Pillow's own where it does not lie beside Streamlit."""
    path = font_file()
    if path is None:
        return ImageFont.load_default(size)
    font = ImageFont.truetype(str(path), size)
    font.set_variation_by_axes([400])
    return font
