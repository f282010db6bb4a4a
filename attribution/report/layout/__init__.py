"""Geometry of the pictures: one set of shapes, drawn as vectors in PDF and as SVG in HTML."""
