"""The HTML page and the SVG pictures."""
