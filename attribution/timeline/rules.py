"""The rules by which records are one event, or events refer to each other: one row each.

Joins and relations are kept apart. A joined record is one more witness of the same happening; a
relation leaves both events as they are. What a rule does with its row is in the module of its
`propose` (see `attribution.timeline.joining` and `attribution.timeline.relating`).
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from attribution.model.instant import SECOND

RETRY_WINDOW: Final = 300 * SECOND
"""Slack sends an event again at once, after a minute and after five minutes
(https://docs.slack.dev/apis/events-api/#retries); programs that post keep to about the same."""

CROSS_POST_WINDOW: Final = 120 * SECOND
"""A program posts to its channels one after the other; Slack lets through one message a second and
channel (https://docs.slack.dev/apis/web-api/rate-limits/), so that a hundred take two minutes."""

RELAY_WINDOW: Final = 300 * SECOND
"""As for a retry: a webhook that failed is sent again within about five minutes."""


REJECTED: Final = "a person rejected it"
"""The reason of what is apart because a person undid a join."""


@dataclass(frozen=True, slots=True)
class JoinRule:
    """A rule, in words: what it joins or relates, why that holds, and when it is wrong.

    `relation` is `same` or `related`. `decidable` says whether a person is asked about its joins:
    those by an id of the record itself, by all content or by a person's own word are certain.
    """

    id: str
    relation: str
    statement: str
    why: str
    when_wrong: str
    decidable: bool = True


_TABLE: tuple[JoinRule, ...] = (
    JoinRule(
        "native-id",
        "same",
        "Records of one kind that carry the same native id are one event. A number counts only"
        " inside its own system, and one of up to five digits only beside the same content.",
        "The system that recorded it gave the id, and gives it once.",
        "Where a system gives an id twice, or a tool on the way changed it. Then reject"
        " `copies:EVENT`.",
        decidable=False,
    ),
    JoinRule(
        "same-content",
        "same",
        "Records without a native id are one event when kind, actor, stated time, subject and text"
        " are all equal.",
        "Two exports of one table tell the same rows.",
        "Where the same was done twice within the resolution of the times. Then reject"
        " `copies:EVENT`.",
        decidable=False,
    ),
    JoinRule(
        "declared",
        "same",
        "Records that `equivalences` in case.yaml declares to be one event are one event.",
        "A person says so, with a reason.",
        "Where the person errs. What differs in a native id of one system is refused.",
        decidable=False,
    ),
    JoinRule(
        "retry",
        "same",
        "Two posts of one program in one channel are one event when they say the same, link to the"
        " same records of other systems (at least one), stand at most 300 seconds apart, and the"
        " program said nothing else about those records there in between. Times of day with"
        " seconds, counters of delivery, and the labels and utm_ parameters of links count for"
        " nothing; every other number counts.",
        "A program that got no answer in time posts again; what it reports took place once.",
        "Where the same thing took place twice within five minutes under one id and nothing was"
        " posted between, as when an alert is sent again on purpose.",
    ),
    JoinRule(
        "relay-alert",
        "same",
        "A post of an alerting tool's own program that begins with the word for a step (Triggered,"
        " Acknowledged, Resolved) and links to one incident is a witness of that step, when the"
        " tool's own records hold exactly one such entry of that incident up to 300 seconds before"
        " it. What a person writes, or a program of another name, is never taken for the step.",
        "The program posts what its tool recorded; incident and step say which entry.",
        "Where another program posts under the tool's name.",
    ),
    JoinRule(
        "relay-status",
        "same",
        "A post of the status page's own program that links to an incident and repeats the status"
        " and the whole wording of one of its updates is a witness of that update.",
        "The wording of an update is written once and sent to all who subscribed.",
        "Where an update was published twice in the same words; then nothing is joined.",
    ),
    JoinRule(
        "relay-deployment",
        "same",
        "A post of a forge's own program that names a commit (in full, or by at least 7 hexadecimal"
        " digits that fit one commit of the case), the environment and the word for a state is a"
        " witness of the deployment's entry with that commit, environment and state, when there is"
        " exactly one up to 300 seconds before it.",
        "The program posts what the forge recorded; commit, environment and state say which entry.",
        "Where the same commit was deployed twice within five minutes and only one of the"
        " deployments is on record.",
    ),
    JoinRule(
        "log-line",
        "same",
        "Lines of system logs and rows of forensic timelines made of logs are one event when they"
        " come from different evidence items, name the same host, hold the same message, state no"
        " different program or process, and may have been written at the same moment. Where an"
        " item has two such lines, nothing is joined.",
        "A message goes from the program to the journal, from there to syslog, and from files into"
        " forensic timelines; it was written once.",
        "Where a program wrote the same message twice within the resolution of the coarsest log"
        " and each log kept another one of the two.",
    ),
    JoinRule(
        "cross-post",
        "same",
        "Posts of one program in different channels are one event when they say the same (as for"
        " `retry`) at most 120 seconds apart, and none of the channels has two of them.",
        "A program that reports to several channels sends one report to each.",
        "Where it reports two like happenings, one to each channel, in words that do not differ.",
    ),
    JoinRule(
        "refers-to",
        "related",
        "An event whose record links to a record of another system refers to that record's event:"
        " of an incident its first trigger, of a pull request its opening.",
        "The link's own form says of which system and which record.",
        "Where somebody links to something to say that it is not about this.",
        decidable=False,
    ),
    JoinRule(
        "sha",
        "related",
        "An event that names a commit (a deployment, a check, an error of a release, a message)"
        " refers to the commit, or where that is not on record to the first event that names it in"
        " full. A shortened name counts from 7 hexadecimal digits on, if it fits one commit of the"
        " case and has a letter and a digit.",
        "A commit's name is made of its content; no two commits share one.",
        "Where a text holds such digits by chance: with a thousand commits on record one word of 7"
        " random hexadecimal digits in 270,000.",
        decidable=False,
    ),
)

RULES: Final = MappingProxyType({rule.id: rule for rule in _TABLE})
"""The rules by id; those that join stand in the order of their application, strongest first."""
