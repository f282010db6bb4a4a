"""SVG as PNG, for what shows no SVG."""

from __future__ import annotations

from attribution.errors import MissingExtraError
from attribution.report.layout.metrics import FONTS, font_path


def draw_png(svg: str, scale: float) -> bytes:
    """Return the picture on white with the fonts of the reports, `scale` dots in a CSS pixel.

    Raises MissingExtraError where the library that draws is not installed.
    """
    try:
        import resvg_py
    except ImportError as error:
        raise MissingExtraError(
            "a PNG needs the extra `png`",
            expected="the library resvg_py",
            remedy="pip install 'incident-attribution[png]', or ask for svg",
        ) from error
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg,
            background="#ffffff",
            zoom=scale,
            skip_system_fonts=True,
            font_files=[str(font_path(face)) for face in FONTS],
            font_family="Arimo",
            sans_serif_family="Arimo",
        )
    )
