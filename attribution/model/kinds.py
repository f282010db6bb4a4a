"""The kinds of record and the facts each promises in `Record.data`.

Readers write these, rules read them; a format adds nothing to a rule but rows of this table.
A key marked `?` may be absent or null. Times inside `data` are RFC 3339 UTC text.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

KINDS: Final = MappingProxyType(
    {
        "commit": (
            "a commit; data: sha, parents [sha], author_name, author_email, committer_name,"
            " committer_email, authored, committed, subject, trailers [[key, value]],"
            " files? [path], lines_added?, lines_removed?, signed? bool, reverts? [sha],"
            " repository?; time is the commit time, written is null"
        ),
        "tag": "a tag; data: name, sha?, annotated bool, repository?; undated unless annotated",
        "pull_request.opened": (
            "data: repository?, number, title, author, author_type? (User|Bot), head_sha,"
            " head_ref?, base_ref?, additions?, deletions?, changed_files?, commits? [sha], body?,"
            " reviews_listed? bool (the record comes with all its reviews)"
        ),
        "pull_request.merged": (
            "data: repository?, number, merged_by, merged_by_type?, merge_sha?, head_sha,"
            " additions?, deletions?, author, author_type?, bypassed? bool, reviews_listed? bool"
        ),
        "pull_request.closed": "closed without merging; data: number",
        "review.approved": (
            "data: repository?, number?, commit_id, reviewer, reviewer_type?, body?, association?"
        ),
        "review.changes_requested": "data: as review.approved",
        "review.commented": "data: as review.approved",
        "review.dismissed": "data: as review.approved",
        "check.completed": "data: name, head_sha, conclusion, required? bool, app?, started?",
        "deployment.created": (
            "data: deployment_id, sha, environment, repository?, creator, creator_type?, ref?, app?"
        ),
        "deployment.status": (
            "data: deployment_id, state, environment?, creator, creator_type?, sha?, repository?,"
            " ref?, app?, artifact?, chain?, links?"
        ),
        "chat.message": (
            "data: channel, thread?, edited? (time of the edit), user?, bot? bool, mentions? [name]"
            ", channel_id?, edited_by?, reactions? {name: [user]}"
        ),
        "chat.membership": "someone joined or left; noise; data: channel",
        "alert.triggered": "data: service (name), service_id?, incident?, details?,"
        " actor_type? (user|service|...; so on every alert.* kind, as is service_id?)",
        "alert.notified": "data: incident?, service?, notified?",
        "alert.acknowledged": "data: incident?, service?",
        "alert.annotated": "data: incident?, service?",
        "alert.escalated": "data: incident?, service?",
        "alert.resolved": "data: incident?, service?",
        "alert.other": (
            "any other entry of an alerting service; data: type, incident?, service?,"
            " environment?, artifact?, chain?, links? (of CDEvents: so on every alert.* kind)"
        ),
        "status.update": (
            "data: incident, status, components? [name], impact?, backdated? bool;"
            " time is the displayed time, written the true one"
        ),
        "audit.call": (
            "one call on a live resource; data: source (ec2.amazonaws.com), operation,"
            " outcome? (begun|succeeded|failed, where a log tells one call in several entries),"
            " stage?, status?, request? (id shared by the entries of one call), address?, log?,"
            " impersonated? (user acted as), delegation? [name] (first the one who acted),"
            " named_at? (place of the entry of the same operation that names who acted),"
            " credential? (key of a service account), caller_type?, groups? [name], dry_run? bool,"
            " shared_event? (id of one call that two accounts saw), addendum? (why told late),"
            " read_only bool, resources [name], role? (assumed role), session? (role session name),"
            " account?, user_agent?, mfa? bool, error?, region?, source_identity?,"
            " issued_at? (session start)"
        ),
        "cluster.event": (
            "what a cluster reports about an object of its own; data: reason, severity?"
            " (Normal|Warning), object? (its kind), name?, namespace?, host?, action?, occurrence?"
            " (first|last of a repeated event), count? (occurrences, on the last)"
        ),
        "log.line": (
            "a line of a system's log; data: host?, program?, pid?, severity? (word of RFC 5424),"
            " facility?, message_id?, uid?, unit?, boot?, monotonic? (microseconds of that boot),"
            " structured? {id: {name: value}}, left_out? (field not exported)"
        ),
        "forensic.event": (
            "a row of a forensic timeline; data: time_is? (what the time is of: 'Content"
            " Modification Time'), host?, user?, source?, source_type?, file?, inode?, macb?,"
            " parser?, tags?, extra?, zone?, notes?, columns? {unmapped: value}"
        ),
        "infrastructure.plan": (
            "what a tool says would be done to one resource; no act; data: tool, operation"
            " (create|update|delete|replace|...), address, resources [name], type?, provider?,"
            " reason?, drift? bool (changed outside of the tool), version?, message_type?, level?"
        ),
        "infrastructure.change": (
            "what a tool's own log says it did to one resource, no word on who ran it; data: as"
            " infrastructure.plan; outcome (begun|succeeded|failed), seconds?"
        ),
        "infrastructure.log": (
            "any other line of such a log; data: tool, type, message_type?, operation?, address?,"
            " resources? [name], severity?, level?, reason?"
        ),
        "pipeline.event": (
            "a step of delivery, as its pipeline reports it; data: type (pipelinerun.finished),"
            " name?, outcome?, url?, repository?, environment?, artifact?, chain?, links?"
            " [[kind, event id]] (as on alerts and deployments of CDEvents)"
        ),
        "session.prompt": "what a person asked of an agent; data: session, agent, cwd?, branch?",
        "session.message": (
            "what an agent wrote (also to a helper of its own: sidechain);"
            " data: session, agent, model?, thinking? bool, sidechain? bool"
        ),
        "session.tool_call": (
            "an agent's action; data: session, agent, model?, tool, input {..}, call_id,"
            " permission_mode?, target? (what it acts on, as text), cwd?,"
            " sidechain? bool"
        ),
        "session.tool_result": (
            "data: session, agent, call_id, is_error bool, approved_by_person? bool"
        ),
        "session.permission": (
            "a person's answer to a permission question; data: session, granted bool, call_id?"
        ),
        "session.other": (
            "any other line of a session's log (summary, snapshot, mode); noise;"
            " data: session, agent, type, permission_mode?"
        ),
        "warning": "an earlier warning or defect notice; data: about?",
        "statement": (
            "what somebody said happened, outside the other kinds;"
            " data: asserted_by, source?, published?"
        ),
        "impact": "service impact noted by hand; data: service, phase (start|end)",
        "note": (
            "any other hand-kept entry; data: the mapped keys, columns? {unmapped: cell},"
            " until? (end, as written), approximate? (time, as written)"
        ),
    }
)
"""Kind -> what it is and which facts its `data` holds."""
