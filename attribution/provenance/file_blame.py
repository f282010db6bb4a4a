"""Blame of whole files, two at a time: which commit each line of them came with."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from pathlib import Path

from attribution.ingest.git import Repository
from attribution.provenance.blame import BlamedLine, read_text
from attribution.provenance.history_cache import Blamer, is_long, open_blamer

_WORKERS = 2


def blame_files(
    repository: Repository,
    revision: str,
    paths: Iterable[str],
    *,
    cache: Path | None = None,
    tell: Callable[[str], None] = lambda _text: None,
) -> Iterator[tuple[str, list[BlamedLine]]]:
    """Yield each file with its lines at a revision, as `git blame` has them, in the order given.

    The revision is a full commit id. Few files are in memory at a time. What is learnt of a long
    history is kept in the folder `cache`; `tell` is given a sentence for each file. Raises
    InputError when a file is not there.
    """
    ahead = iter(paths)
    pool = ThreadPoolExecutor(_WORKERS)
    pending: deque[tuple[str, Future[list[BlamedLine]]]] = deque()
    done = 0
    kept = cache if cache is not None and is_long(repository) else None
    with open_blamer(repository, kept, tell) as blamer:
        try:
            while True:
                for path in islice(ahead, 2 * _WORKERS - len(pending)):
                    asked = pool.submit(_blame_all, repository, blamer, revision, path)
                    pending.append((path, asked))
                if not pending:
                    return
                path, asked = pending.popleft()
                yield path, asked.result()
                done += 1
                tell(f"blamed {done:,} files")
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _blame_all(
    repository: Repository, blamer: Blamer, revision: str, path: str
) -> list[BlamedLine]:
    count = len(read_text(repository, revision, path))
    lines = blamer.blame(revision, path, range(1, count + 1))
    return [lines[number] for number in range(1, count + 1)]
