"""What review, checks and releases really were, for each change that has a record of them."""
