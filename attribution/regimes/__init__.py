"""Rules of liability: from shares to who owes what, each step with its source."""
