"""The command line: thin wrappers over the library, one module a command."""
