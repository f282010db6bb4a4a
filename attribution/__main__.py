"""`python -m attribution` is the program `attribution`."""

import sys

if __name__ == "__main__":
    try:
        from attribution.cli.main import main

        main()
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        raise SystemExit(130) from None
