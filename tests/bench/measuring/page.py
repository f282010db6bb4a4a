"""Takes every number of docs/explanation/speed.md anew, which takes half an hour or so.

Run with `python -m tests.bench.measuring.page`.
"""

from __future__ import annotations

import subprocess
import sys

BENCHES = ("causes_bench", "shares_bench", "growth", "reading_bench", "merge_bench")


def main() -> None:
    """Run the benches of the page, each with `--write`."""
    for bench in BENCHES:
        subprocess.run([sys.executable, "-m", f"tests.bench.{bench}", "--write"], check=True)


if __name__ == "__main__":
    main()
