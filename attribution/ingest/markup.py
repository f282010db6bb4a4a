"""HTML of chats and mails as the words a reader would have seen.

Not a parser: tags are taken out by scanning once from left to right, so that crafted markup costs
no more than its length. Nothing in it is followed or run.
"""

from __future__ import annotations

import html
import re

_HIDDEN = re.compile(r"(?i)<(script|style|head|title)\b[^<>]*>|<(!--)")
_END = {name: re.compile(rf"(?i)</{name}\b") for name in ("script", "style", "head", "title")} | {
    "!--": re.compile("-->")
}
# Possessive, as a tag that is never closed would else be tried at each of its characters.
_TAG = re.compile(r"<(/?[A-Za-z!?][^\s<>/]*+)([^<>]*+)>")
_BLOCKS = ("p", "div", "tr", "li", "h1", "h2", "h3", "blockquote")
_BREAKS = frozenset(["br", *(f"{end}{name}" for end in ("", "/") for name in _BLOCKS)])
_HREF = re.compile(r"""(?i)\bhref=["']?(https?://[^\s"'<>]{1,2000})""")
_LONGEST_TAG = 4000
_BLANKS = re.compile(r"[ \t\r\n\u00a0]+")


def plain_text(markup: str) -> str:
    """Return the visible text of HTML, a line a paragraph, the target of a link before its words.

    Without tags it is the text itself but for character references and runs of blanks.
    """
    text = _BLANKS.sub(" ", _drop_hidden(markup))
    lines = html.unescape(_TAG.sub(_replace_tag, text)).split("\n")
    shown = (_BLANKS.sub(" ", line).strip() for line in lines)
    return "\n".join(line for line in shown if line)


def _replace_tag(match: re.Match[str]) -> str:
    name = match[1].lower()
    if name in _BREAKS:
        return "\n"
    href = _HREF.search(match[2][:_LONGEST_TAG]) if name == "a" else None
    return f"{href[1]} " if href else ""


def _drop_hidden(markup: str) -> str:
    """Return the markup without what is never shown: comments, scripts, styles, the head."""
    kept, at = [], 0
    while (match := _HIDDEN.search(markup, at)) is not None:
        kept.append(markup[at : match.start()])
        end = _END[(match[1] or match[2]).lower()].search(markup, match.end())
        if end is None:
            return "".join(kept)
        at = end.end() if match[2] else end.start()
    kept.append(markup[at:])
    return "".join(kept)
