"""From records to a causal graph: rules draft it, the manifest amends it, checks test it."""
