"""One timeline out of many records: who the actors are, what happened once, in which order."""
