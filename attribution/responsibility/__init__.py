"""Whose unmet duty made how much of the difference: potency, shares, ranges, positions, cruxes."""
