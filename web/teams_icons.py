"""Draws the two icons of the Teams app from src/icon.svg: `uv run python web/teams_icons.py`.

Teams rounds the corners of the colour icon itself and shows the outline icon in one colour: it must
be white on nothing. The drawn files are committed, so that the package is the same everywhere.
"""

import re
from itertools import pairwise
from pathlib import Path

from PIL import Image, ImageDraw

SOURCE = Path(__file__).parent / "src" / "icon.svg"
PLACE = Path(__file__).parents[1] / "bot" / "channels" / "teams" / "package"
FINER = 16  # drawn larger, then reduced, so that edges are smooth

Point = tuple[float, float]


def steps(svg: str) -> tuple[str, list[Point]]:
    """The background's colour and the corners of the steps, in the 32 units of the drawing.

    Raises:
        ValueError: the drawing is no longer one line of level and upright strokes.
    """
    found = re.search(r'<rect[^>]* fill="(#[0-9a-f]{6})"/><path d="M([\d.]+) ([\d.]+)((?:[hv]-?[\d.]+)+)"', svg)
    if found is None:
        raise ValueError(f"{SOURCE} is drawn in another way now: teach this script to read it.")
    x, y = float(found[2]), float(found[3])
    corners = [(x, y)]
    for way, length in re.findall(r"([hv])(-?[\d.]+)", found[4]):
        x, y = (x + float(length), y) if way == "h" else (x, y + float(length))
        corners.append((x, y))
    return found[1], corners


def mask(corners: list[Point], *, size: int, scale: float, stroke: float) -> Image.Image:
    """Where the steps are, in the middle of a square."""
    across = [[corner[axis] for corner in corners] for axis in (0, 1)]
    middle = [(min(line) + max(line)) / 2 for line in across]
    drawn = Image.new("L", (size * FINER, size * FINER))
    pen = ImageDraw.Draw(drawn)
    half = stroke * FINER / 2
    points = [
        tuple((corner[axis] - middle[axis]) * scale * FINER + size * FINER / 2 for axis in (0, 1))
        for corner in corners
    ]
    for (x, y), (to_x, to_y) in pairwise(points):
        pen.rounded_rectangle(
            (min(x, to_x) - half, min(y, to_y) - half, max(x, to_x) + half, max(y, to_y) + half),
            radius=half, fill=255,
        )
    return drawn.reduce(FINER)


def color() -> Image.Image:
    """192 by 192: the steps in white on our blue, to the edge."""
    background, corners = steps(SOURCE.read_text(encoding="utf-8"))
    drawn = Image.new("RGB", (192, 192), background)
    drawn.paste("#ffffff", mask=mask(corners, size=192, scale=6.5, stroke=18))
    return drawn


def outline() -> Image.Image:
    """32 by 32: the steps in white on nothing."""
    _, corners = steps(SOURCE.read_text(encoding="utf-8"))
    drawn = Image.new("RGBA", (32, 32), (255, 255, 255, 0))
    drawn.putalpha(mask(corners, size=32, scale=1.6, stroke=4))
    return drawn


if __name__ == "__main__":
    color().save(PLACE / "color.png", optimize=True)
    outline().save(PLACE / "outline.png", optimize=True)
