"""Near-duplicate posts: what a program said again, or said in several channels.

What is left out of the comparison is what a program puts in at the moment of posting: the time of
day, a counter of deliveries, the label and the tracking parameters of a link. Every other number
counts: `attempt 2` is not `attempt 1`, and build 42 is not build 41.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from itertools import pairwise

from attribution.timeline.native_ids import channel_of
from attribution.timeline.proposals import Known, Post, Proposal
from attribution.timeline.rules import CROSS_POST_WINDOW, RETRY_WINDOW

_LONGEST = 10_000  # a longer post counts as it stands from there on

# https://docs.slack.dev/messaging/formatting-message-text/: links and dates in a message's text
_LINK = re.compile(r"<(https?://[^|>\s]{1,2000})(?:\|[^>]{0,500})?>")
_DATE = re.compile(r"<!date\^\d{1,12}\^[^>]{0,500}>")
_TRACKING = re.compile(r"[?&]utm_[a-z]+=[^&\s>|]*")
_CLOCK = re.compile(
    r"(?:\b\d{4}-\d\d-\d\d[T ])?\b\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?: ?(?:Z|UTC|[+-]\d\d:?\d\d)\b)?"
)
_DELIVERY = re.compile(
    r"[(\[]\s*(?:resent|re-?sent|re-?delivery|delivery(?: attempt)?)\s*#?\d{0,3}\s*[)\]]",
    re.IGNORECASE,
)


def normalise(text: str) -> str:
    """Return what a post says, without what its program put in when it posted it."""
    said, rest = text[:_LONGEST], text[_LONGEST:]
    said = _DELIVERY.sub("", _DATE.sub("", _LINK.sub(r"\1", said)))
    said = _CLOCK.sub("", _TRACKING.sub("", said))
    return " ".join(f"{said}{rest}".split()).casefold()


def find_retries(known: Known) -> Iterator[Proposal]:
    """Yield pairs of posts of which the later is the earlier one sent again."""
    spoken: dict[Hashable, list[Post]] = defaultdict(list)
    for post in known.posts:
        if post.actor and post.mentions:
            told = tuple(sorted(post.mentions))
            spoken[post.system, channel_of(post.record), post.actor, told].append(post)
    for posts in spoken.values():
        for first, again in pairwise(posts):
            if again.low - first.high <= RETRY_WINDOW and _say_the_same(first, again):
                yield Proposal(
                    (first.at, again.at),
                    f"{_shown(first)} posted the same twice in {channel_of(first.record)}, about"
                    f" {', '.join(sorted(first.mentions))}",
                )


def find_cross_posts(known: Known) -> Iterator[Proposal]:
    """Yield groups of posts that say the same in more than one channel at about the same time."""
    said: dict[Hashable, list[Post]] = defaultdict(list)
    for post in known.posts:
        if post.actor and (words := normalise(post.record.text)):
            said[post.system, post.actor, words].append(post)
    for posts in said.values():
        for run in _runs(posts):
            channels = sorted({channel_of(post.record) for post in run})
            if len(channels) > 1:
                yield Proposal(
                    tuple(post.at for post in run),
                    f"{_shown(run[0])} posted the same in {', '.join(channels)}",
                )


def _runs(posts: Sequence[Post]) -> Iterator[list[Post]]:
    """Yield stretches of posts, given in time order, with no more than the window between two."""
    run: list[Post] = []
    end = 0
    for post in posts:
        if run and post.low - end > CROSS_POST_WINDOW:
            yield run
            run = []
        end = max(end, post.high) if run else post.high
        run.append(post)
    if run:
        yield run


def _say_the_same(one: Post, other: Post) -> bool:
    words = normalise(one.record.text)
    return bool(words) and words == normalise(other.record.text)


def _shown(post: Post) -> str:
    return post.record.actor or ""
