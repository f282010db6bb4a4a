"""`python -m attribution` is the program `attribution`."""

from attribution.cli.main import main

if __name__ == "__main__":
    main()
