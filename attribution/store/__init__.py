"""What a case keeps beside its manifest: hashes of evidence, and a database derived from both."""
