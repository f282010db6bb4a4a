"""What caused the harm: structural models and actual causes by the Halpern-Pearl definitions."""
