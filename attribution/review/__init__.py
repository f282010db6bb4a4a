"""What awaits a person's decision: in which order, on what evidence, and a session through it."""
