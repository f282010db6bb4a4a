"""The sections of the documents: each builds its blocks from a view and decides nothing else."""
