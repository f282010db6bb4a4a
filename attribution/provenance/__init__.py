"""Who and what wrote each commit, on which evidence, and what looks wrong with it."""
