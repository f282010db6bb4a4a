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
            " picked_from? [sha], repository?; time is the commit time, written is null"
        ),
        "tag": "a tag; data: name, sha?, annotated bool, repository?; undated unless annotated",
        "ref.recorded": (
            "a branch or tag moved, as a log kept in the repository says (gittuf); data:"
            " repository?, ref, sha, previous? (where it stood), recorder?, signed bool, upstream?"
        ),
        "ref.annotated": (
            "a remark on entries of such a log; data: repository?, entries [id], skip bool (they"
            " are revoked), message?, recorder?, signed bool"
        ),
        "pull_request.opened": (
            "data: repository?, number, title, author, author_type? (User|Bot), head_sha,"
            " head_ref?, base_ref?, additions?, deletions?, changed_files?, commits? [sha], body?,"
            " reviews_listed? bool (the record comes with all its reviews), base_sha?,"
            " default_branch?, files? [path], requested_reviewers? [login] (asked, not answered),"
            " requested_teams? [slug]; of GitLab also approvals_required?, approvals_left?,"
            " rules_overwritten? bool (the request had rules of its own), squash_sha?; of Gerrit"
            " patch_sets? (how many), patch_set?, uploaders? [name] (beside the author),"
            " overridden? [name] (requirements an override label stood in for)"
        ),
        "pull_request.merged": (
            "data: repository?, number, merged_by, merged_by_type?, merge_sha?, head_sha,"
            " additions?, deletions?, author, author_type?, bypassed? bool, reviews_listed? bool"
        ),
        "pull_request.closed": "closed without merging; data: number",
        "pull_request.review_requested": (
            "data: repository?, number?, event, requested_reviewer? or requested_team?, requester?"
        ),
        "pull_request.review_request_removed": "data: as pull_request.review_requested",
        "pull_request.head_force_pushed": (
            "the branch was rewritten; data: event, number?, commit_id?"
        ),
        "pull_request.ready_for_review": "no longer a draft; data: event, number?",
        "pull_request.converted_to_draft": "data: event, number?",
        "pull_request.assigned": (
            "data: event, number?, assignee, assignee_type? (User|Bot), assigner?"
        ),
        "pull_request.auto_merge_enabled": "data: event, number?",
        "pull_request.auto_merge_disabled": "data: event, number?",
        "pull_request.queued": "put into the merge queue; data: event, number?",
        "pull_request.unqueued": "taken out of the merge queue; data: event, number?",
        "pull_request.event": (
            "any other entry of its timeline; data: event, number?, commit_id?, patch_set?, vote?,"
            " app? (through which GitHub App it was done; so on every pull_request.* of a timeline)"
        ),
        "review.approved": (
            "data: repository?, number?, commit_id?, reviewer, reviewer_type?, body?, association?,"
            " review_id? (its number, where it is known by another id),"
            " time_basis? (recorded|transparency log: the time is that of the entry, which is no"
            " earlier than the review),"
            " commit_basis? (versions|notes: how the head is known where the review names none);"
            " of Gerrit also patch_set?, vote? (Code-Review+2), carried_to? (the patch set up to"
            " which the vote was copied without a new look), kinds_since? [kind of patch set];"
            " of an attestation also ref, previous, target (the tree or tag approved),"
            " reviewer_id?, recorded_in? (the commit), predicate_type, subjects, signed"
        ),
        "review.changes_requested": "data: as review.approved",
        "review.commented": "data: as review.approved",
        "review.dismissed": (
            "data: as review.approved, or of the act of dismissing it: dismissed_review? (its id),"
            " dismissed_state? (what it was), dismissal_commit?, event, message?"
        ),
        "check.completed": (
            "data: name, head_sha, conclusion, required? bool, app?, started?, form? (status),"
            " repository?"
        ),
        "workflow.run": (
            "a run of a workflow, or a suite of checks; data: name, head_sha, conclusion, attempt?,"
            " event?, form (workflow|suite), repository?; of a workflow run_id?, workflow_id?,"
            " path?, branch?, started?"
        ),
        "protection.state": (
            "what a platform enforced on a branch when it was looked at; data: repository?, branch?"
            " (name or pattern), source (branch_protection|ruleset|gitlab_approval_rule|"
            "gerrit_submit_requirement|gittuf_policy|slsa_source_provenance), required_approvals?,"
            " required_reviewers? [name], required_checks? [name], dismiss_stale? bool,"
            " author_may_approve? bool, code_owner_review? bool, last_push_approval? bool,"
            " enforced_on_admins? bool, bypass_actors? [name], enforcement?, rule? (its id),"
            " include? and exclude? [pattern], owner? (the organisation whose rule it is),"
            " unchanged_since?, eligible_reviewers? [name] (whose approvals count), threshold?"
            " (gittuf: signatures, the mover's counted), committers_may_not_approve? bool,"
            " force_push? bool, approval_rules? [{name, required, eligible_reviewers}]"
        ),
        "protection.changed": (
            "what somebody did to a rule of a branch; data: as protection.state for repository,"
            " branch, source, rule, include, exclude, owner; operation, actor?, before? and after?"
            " {facts of protection.state}, concerns? [fact] (none but these can have changed),"
            " log?, version?"
        ),
        "protection.evaluated": (
            "rules evaluated at a push; data: source, repository?, repository_name?, branch?,"
            " before_sha?, after_sha, actor?, result (pass|fail|bypass), evaluation_result?,"
            " rules? [{type, result, enforcement, source}]"
        ),
        "codeowners": (
            "who owns which paths; data: repository?, path?, dialect (github|gitlab), size, loaded"
            " bool (small enough to count), rules [{line, pattern, owners, section, approvals,"
            " excluded}]"
        ),
        "team.members": (
            "who was in a team of the platform; data: organization, team (its slug), members"
            " [login]"
        ),
        "identity.account": (
            "an account and whose it is, as a directory or single sign-on has it; data: platform"
            " (github|directory), login?, identities? [name or address], active? bool"
        ),
        "deployment.created": (
            "data: deployment_id, sha, environment, repository?, creator, creator_type?, ref?,"
            " app?, approvals? (how many are listed; none is no evidence of a gate),"
            " approvals_pending?, run_id? (the workflow run that made it)"
        ),
        "deployment.status": (
            "data: deployment_id, state, environment?, creator, creator_type?, sha?, repository?,"
            " ref?, app?, artifact?, chain?, links?, run_id?"
        ),
        "deployment.approval": (
            "somebody let a deployment pass, or not; data: deployment_id, sha?, environment?,"
            " repository?, approver?, approved bool, comment?"
        ),
        "attestation": (
            "an in-toto statement of a type no reader knows; data: predicate_type, subjects"
            " [{name?, uri?, digests {algorithm: digest}}], signed (by whom, in words; never"
            " verified), predicate? {..}, predicate_bytes?, time_basis? (transparency log);"
            " every attestation.* has all of these but the predicate"
        ),
        "attestation.build": (
            "what built an artifact (SLSA provenance); data: builder, build_type?, invocation?,"
            " inputs [{uri?, name?, digests}], source_uri?, source_sha?, repository?, started?,"
            " finished?; time is when it was finished"
        ),
        "attestation.verified": (
            "what a verifier found (SLSA VSA); data: verifier, result (PASSED|FAILED),"
            " levels [text], shas? [sha], refs? [ref], resource?, policy?, repository?"
        ),
        "attestation.source": (
            "how a branch or tag came to a commit (SLSA source provenance); data: sha, previous?,"
            " branch?, tag?, actor?, activity?, controls [text] (in force then), repository?"
        ),
        "chat.message": (
            "data: channel, thread?, edited? (time of the edit), user?, bot? bool, mentions? [name]"
            ", channel_id?, edited_by?, reactions? {name: [user]}, by? (display name), deleted?"
            " (time), refers_to? [system:id] (records of other systems that it links to)"
        ),
        "chat.membership": "someone joined or left; noise; data: channel",
        "incident.update": (
            "what an incident tool noted of its own incident; data: tool, incident, update (what it"
            " calls it), reference?, title?, status?, severity?, by? (display name), subject_user?,"
            " user_set? bool (a person chose the time), refers_to?"
        ),
        "incident.milestone": (
            "a point in an incident's course that people enter and can change; data: tool,"
            " incident, milestone (its name there), reference?, title?, severity?, roles? {role:"
            " name}"
        ),
        "monitoring.event": (
            "what a monitoring service took note of: an error report, a change, a line of an event"
            " stream; data: tool, title, level?, source?, service?, host?, environment?, release?,"
            " sha? (the release is a commit), group?, tags? [text], refers_to?"
        ),
        "mail.message": (
            "a mail; time is the sender's Date, written when the receiving server took it; data:"
            " to? [address], cc? [address], subject?, message_id?, in_reply_to?,"
            " references? [id], attachments? [{name, type, bytes}], refers_to?, by? (display name),"
            " first_hop? (when the first server took it)"
        ),
        "calendar.event": (
            "an entry of a calendar: what was planned, not what took place; data: uid,"
            " recurrence_id?, start?, end?, duration?, all_day? bool, organizer?, attendees?"
            " [address], status?, location?, repeats? (the rule; its other dates are not made up),"
            " excluded? [text], sequence?, created?, busy? bool, by? (display name), refers_to?"
        ),
        "alert.triggered": "data: service (name), service_id?, incident?, details?,"
        " actor_type? (user|service|...; so on every alert.* kind, as is service_id?), alert? (its"
        " id), refers_to?",
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
            " principal?, pod?, node? (of a Kubernetes user),"
            " shared_event? (id of one call that two accounts saw), addendum? (why told late),"
            " read_only bool, resources [name], role? (assumed role), session? (role session name),"
            " account?, user_agent?, mfa? bool, error?, region?, source_identity?,"
            " issued_at? (session start); of GitHub also log, branch?, before_sha?, after_sha?,"
            " overridden? [code], number?, credential_type? (what the actor showed: a token of an"
            " app, a key)"
        ),
        "audit.digest": (
            "what a log service says it delivered; time is the end of the stretch; data: object"
            " (its own name), trail, start?, previous?, files [{name, oldest?, newest?}]"
        ),
        "session.prompt": (
            "what a person asked of an agent; data: session, agent, cwd?, branch?,"
            " queued? bool (typed while the agent worked), plan? bool (a plan the person accepted)"
        ),
        "session.interrupt": "a person stopped the agent; data: session, agent",
        "session.person_action": (
            "a command a person ran inside the session; data: session, agent, cwd?"
        ),
        "cluster.event": (
            "what a cluster reports about an object of its own; data: reason, severity?"
            " (Normal|Warning), object? (its kind), name?, namespace?, host?, action?, occurrence?"
            " (first|last of a repeated event), count? (occurrences, on the last)"
        ),
        "log.line": (
            "a line of a system's log; data: host?, program?, pid?, severity? (word of RFC 5424),"
            " facility?, message_id?, uid?, unit?, boot?, monotonic? (microseconds of that boot),"
            " seqnum? and seqnum_id? (the journal's number of the entry, and of which series),"
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
        "session.message": (
            "what an agent wrote (also to a helper of its own: sidechain);"
            " data: session, agent, model?, thinking? bool, sidechain? bool"
        ),
        "session.tool_call": (
            "an agent's action; data: session, agent, model?, tool, input {..}, call_id,"
            " permission_mode? (the mode last stated), target? (what it acts on, as text), cwd?,"
            " sidechain? bool, helper? (which helper of the agent's own did it), seconds?,"
            " status? (ok|error); of a trace also trace_id, span_id, parent_span_id?"
        ),
        "session.tool_result": (
            "data: session, agent, call_id, is_error bool, approved_by_person? bool,"
            " decided_by? (person|rule|nobody: there was none to ask), answered_by_person? bool,"
            " interrupted_by_person? bool, edited_by_person? bool"
        ),
        "session.permission": (
            "the answer to a permission question; data: session, granted bool, call_id?,"
            " source? (what gave it, as the record says)"
        ),
        "session.other": (
            "any other line of a session's log (summary, snapshot, mode); noise;"
            " data: session, agent, type, permission_mode?, operation?"
        ),
        "span": (
            "a stretch of work in a trace that is no agent's; data: name, trace_id, span_id,"
            " parent_span_id?, seconds? (duration), status? (ok|error), service?, links? [span id]"
            ", attributes? {name: value}, span_kind? (client|server|producer|consumer|internal)"
        ),
        "warning": (
            "an earlier warning, advice, defect notice or incident of the same kind; who gave it is"
            " the actor; data: about? (what it warned of: a service, resource, commit, or node of"
            " the graph), service?, told? [actor, party or role] (who had it), form?"
            " (warning|advice|defect|incident|action: what was to be done after an incident),"
            " acted_on? bool, asserted_by? (whose account it is)"
        ),
        "control": (
            "how a protection or another control stood, as somebody states; data: control (its id"
            " in the catalogue), state (on|off|missing|bypassed|ineffective), name? (what it is"
            " called there), about? (what it guards: a service, resource, commit, or node of the"
            " graph), service?, set_by? (who last set it so, or got round it: an actor, party or"
            " role, or default: nobody, it came so), run_by? (party or role), duty? (of the"
            " catalogue, where another than the rule's is meant), harm? [id] (items it would have"
            " spared), asserted_by? (whose account it is)"
        ),
        "statement": (
            "what somebody said happened, outside the other kinds;"
            " data: asserted_by, source?, published?, incident?, tags? [text], refers_to?"
        ),
        "impact": "service impact noted by hand; data: service, phase (start|end)",
        "note": (
            "any other hand-kept entry; data: the mapped keys, columns? {unmapped: cell},"
            " until? (end, as written), approximate? (time, as written)"
        ),
    }
)
"""Kind -> what it is and which facts its `data` holds."""
