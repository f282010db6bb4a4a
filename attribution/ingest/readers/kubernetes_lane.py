"""The fast lane for audit events of Kubernetes, one a line: alike but for id, times and object."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from msgspec import UNSET, Meta, Raw, UnsetType

from attribution.ingest.fields import Table
from attribution.ingest.intake import Intake
from attribution.ingest.kept import LINE
from attribution.ingest.lane import Filling
from attribution.ingest.plaintimes import read_plain_times
from attribution.ingest.templates import Template, Templates
from attribution.model.packing import Rows

if TYPE_CHECKING:
    from attribution.ingest.lane import Filled

_Text = Annotated[str, Meta(min_length=1)]
_Optional = str | None | UnsetType
_TEXTS = ("stage", "verb", "requestURI", "userAgent")
_VALUES = ("user", "impersonatedUser", "objectRef", "sourceIPs", "responseStatus")
_TIMES = ("requestReceivedTimestamp", "stageTimestamp", "timestamp")
_decode = msgspec.json.Decoder().decode


class _Event(msgspec.Struct, gc=False):
    auditID: _Text  # noqa: N815 - the names of the format
    requestReceivedTimestamp: _Text  # noqa: N815
    stageTimestamp: _Text  # noqa: N815
    verb: _Text
    stage: _Optional = UNSET
    requestURI: _Optional = UNSET  # noqa: N815
    userAgent: _Optional = UNSET  # noqa: N815
    user: Raw | UnsetType = UNSET
    impersonatedUser: Raw | UnsetType = UNSET  # noqa: N815
    objectRef: Raw | UnsetType = UNSET  # noqa: N815
    sourceIPs: Raw | UnsetType = UNSET  # noqa: N815
    responseStatus: Raw | UnsetType = UNSET  # noqa: N815

    def key(self) -> tuple[object, ...]:
        """Return what does not differ between events that are alike."""
        texts = (self.stage, self.verb, self.requestURI, self.userAgent)
        return texts, *[None if raw is UNSET else bytes(raw) for raw in self.values()]

    def values(self) -> tuple[Any, ...]:
        """Return what stands in the fields of `_VALUES`, as it is spelt."""
        return (
            self.user, self.impersonatedUser, self.objectRef, self.sourceIPs, self.responseStatus
        )  # fmt: skip

    def entry(self) -> dict[str, Any]:
        """Return the event as it is decoded elsewhere, without its id and times."""
        texts = {name: getattr(self, name) for name in _TEXTS}
        raws = dict(zip(_VALUES, self.values(), strict=True))
        found = {name: text for name, text in texts.items() if text is not UNSET}
        return found | {name: _decode(raw) for name, raw in raws.items() if raw is not UNSET}


def open_lane(intake: Intake, add: Callable[[Any, str, Table], None]) -> Filling:
    """Return the struct of an event and what fills rows from it; `add` is the reader's own."""
    known = frozenset({"auditID", *_TEXTS, *_VALUES, *_TIMES})
    templates = Templates(("auditID",), known, add)

    def fill(events: Sequence[_Event], first: int) -> Filled | None:
        received = read_plain_times([event.requestReceivedTimestamp for event in events])
        staged = read_plain_times([event.stageTimestamp for event in events])
        if received is None or staged is None:
            return None
        found: list[tuple[Template, bytes]] = []
        for number, event in enumerate(events, first):
            template = templates.find(event.key(), event.entry)
            data = None if template is None else template.fill((event.auditID,))
            if template is None or data is None:
                return None
            for names, kind in template.aliases:
                intake.alias(names, f"{LINE}{number}", kind)
            found.append((template, data))
        rows = Rows(
            kind=[template.kind for template, _ in found],
            time=received.time,
            before=[0] * len(found),
            after=received.after,
            written=staged.time,
            spelt=received.spelt,
            original=[None] * len(found),
            actor=[template.actor for template, _ in found],
            subject=[template.subject for template, _ in found],
            text=[template.text or "" for template, _ in found],
            native=[
                event.auditID.join(template.native)
                for event, (template, _) in zip(events, found, strict=True)
            ],
            data=[data for _, data in found],
            head=[LINE] * len(found),
            number=range(first, first + len(found)),
        )
        return rows, [(event.auditID, event.stage or None) for event in events]

    return Filling(_Event, fill)
