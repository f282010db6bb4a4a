"""The case manifest: reading it, checking it, and writing to it without losing a comment."""
