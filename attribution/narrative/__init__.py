"""Reading of free text: what it names, what it says caused what, who says so. Proposals only."""
