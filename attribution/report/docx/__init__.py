"""Documents that a word processor opens and a person goes on editing."""
