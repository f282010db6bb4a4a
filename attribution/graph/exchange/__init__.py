"""The causal graph in the formats of other tools: what is written, and what is read back."""
