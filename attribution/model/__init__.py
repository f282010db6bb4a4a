"""The words of the project as types: records, events, actors, commits, reviews, graph, result."""
