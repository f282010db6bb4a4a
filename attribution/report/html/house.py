"""The logo, the colour and the style of a house, inside the page like everything else."""

from __future__ import annotations

from base64 import b64encode

from attribution.errors import InputError
from attribution.report.house import House


def write_logo(house: House) -> str:
    """Return the image as markup, nothing where the house has none; the title says whose it is."""
    logo = house.read_logo()
    if logo is None:
        return ""
    return f'<img class="logo" alt="" src="data:image/png;base64,{b64encode(logo).decode()}">'


def write_house_style(house: House) -> str:
    """Return the rules that come after those of the page.

    Raises InputError for a style that would end the element it stands in.
    """
    style = house.read_style()
    if "</" in style:
        raise InputError(
            "the style cannot stand in a page", file="page.css", got="</", expected="CSS alone"
        )
    accent = house.find_accent()
    colour = f":root{{--link:{accent}}}" if accent else ""
    return f"{colour}{style}"
