"""Rule `guardrail`: a default protection that was on, off, bypassed or missing, and who set it.

What it looks for:
    Records of the kind `control`, by their columns `control`, `state` and `about` or `service`: of
    several on one protection the last that may have stood when it mattered. Calls in an audit log
    that by their name turn a protection off or on (`tables/switches.yaml`: a resource lock that is
    deleted, alarms that are disabled). The permission mode in
    which an agent's session took an act found by `direct-action`.

What it adds:
    `CONTROL_held_SUBJECT` in front of what the control guards, as a barrier with its state: for a
    control that prevents, the act on the service where there is one; else the service's failure;
    for one that detects or recovers, the harm items that its record names. What was off is a breach
    of whoever turned it off (`keep-guardrail`), or, where it came so, of the vendor
    (`safe-default`) and of whoever did not demand it. What was missing, or did not do what it says,
    is a breach of the duty that the catalogue has for it. Where no record says who set it, it is a
    condition that nobody is held to, and a missing factor. A control of the house is owed as the
    table "who owed an absent control" says.

The counterfactual answer and why:
    No: a protection in place would have stopped it as often as its effectiveness range says.

When it is wrong:
    The statement is a party's own; the protection would not have covered this operation; somebody
    entitled to it decided to go without; the mode was set where no record shows it.

Example:
    An agent deletes an environment in a session in mode `bypassPermissions`, which asks nobody.

Sources:
    Claude Code, Permission modes (https://code.claude.com/docs/en/permission-modes); NIST SP
    800-53 rev. 5, CM-3; NIST SP 800-218, PW.9 (secure by default); OWASP Top 10 for LLM
    applications 2025, LLM06 Excessive Agency.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import Final

from attribution.graph.absence import Placement
from attribution.graph.control_wording import name_control
from attribution.graph.defects import NOT_TOLD, defect_of_act
from attribution.graph.doubt import UNDECIDED, doubt_order
from attribution.graph.draft import Draft
from attribution.graph.facts import Facts, identifier
from attribution.graph.guarded import Guarded
from attribution.graph.owners import resolve_owner
from attribution.graph.rules.agency import has_failed_before
from attribution.graph.rules.protection import AFTER, DEFAULT, Protection, list_protections
from attribution.graph.rules.rule import Rule
from attribution.graph.who_owed import load_families
from attribution.model.graph import MissingFactor, Node

_MISSING: Final = MappingProxyType(
    {
        "agent_guardrail": "safe-default",
        "delete_protection": "make-reversible",
        "sandbox": "separate-environments",
        "production_approval": "gate-irreversible",
        "permission_boundary": "limit-reach",
    }
)
"""The duty of the catalogue that a protection which there was not is a breach of, by its control.

The others are controls of the house, owed as the table of who owed an absent control says.
"""
_PRODUCT = frozenset(
    control for family in load_families() if family.id == "product" for control in family.controls
)
"""What comes with an agent or a platform, on or off."""
_STATES: Final = MappingProxyType(
    {"off": "absent", "missing": "absent", "bypassed": "bypassed", "ineffective": "degraded"}
)
"""The state of the barrier, by the word of the record."""
_SAYS: Final = MappingProxyType(
    {
        "off": "was off at the time of",
        "missing": "did not exist at the time of",
        "bypassed": "was got round before",
        "ineffective": "did not do what it is for at the time of",
    }
)


_UNATTENDED, _SHORTCUT = "unattended_operation", "destructive_shortcut"


def apply(facts: Facts, draft: Draft) -> None:
    """Put each protection in front of what it guards, with whoever owed that it held."""
    for protection in list_protections(facts, draft):
        if protection.targets:
            _place(facts, draft, protection)
        else:
            _add_loose(facts, draft, protection)


def _place(facts: Facts, draft: Draft, protection: Protection) -> None:
    """Put a protection in front of its targets: by the breach records name, or by the table."""
    control = facts.catalogue.controls[protection.control]
    subject = _subject(draft, protection)
    guarded = Guarded(
        subject=subject,
        target=protection.targets[0],
        title=protection.title,
        doer=None if protection.act is None else protection.act.doer,
        state="present",
        approver=None,
        bypassed_by=None,
        evidence=protection.evidence,
        name=protection.name,
        service=protection.service,
        defect=NOT_TOLD if protection.act is None else defect_of_act(facts, protection.targets[0]),
    )
    if protection.state != "on":
        guarded = _unmet(facts, draft, protection, guarded)
    time = None if protection.act is None else protection.act.events[0].time
    policies = facts.policies(protection.control, service=guarded.service, repository=None, at=time)
    Placement(facts, RULE, control, guarded, policies).add_to(draft)
    held = f"{control.id}_held_{subject}"
    for target in protection.targets[1:]:
        edge = draft.edges[held, protection.targets[0]]
        draft.add_cause(replace(edge, target=target), slot="blocks")
    _say_what_is_missing(facts, draft, protection, held, guarded)


def _subject(draft: Draft, protection: Protection) -> str:
    """Return the part of node ids that tells this protection from others on the same thing."""
    name = "" if protection.name is None else f"_{identifier(protection.name)}"
    subject = f"{protection.tag}{name}"
    held = draft.free_id(f"{protection.control}_held_{subject}")
    return held.removeprefix(f"{protection.control}_held_")


def _unmet(facts: Facts, draft: Draft, protection: Protection, guarded: Guarded) -> Guarded:
    """Return what is recorded of a protection that did not hold, and whose breach it was."""
    held = f"{protection.control}_held_{guarded.subject}"
    doubt = _doubt(facts, draft, protection, held)
    basis = UNDECIDED if doubt else protection.basis
    guarded = replace(
        guarded,
        state="absent",
        set_by=protection.party,
        basis=basis,
        doubt=doubt,
        factors=_codes(facts, protection),
    )
    duty = _duty(facts, protection)
    if duty is None and _by_default(facts, protection):
        return replace(guarded, enforced=False)
    circumventor = _circumventor(facts, protection)
    if duty is None and circumventor is not None:
        return replace(guarded, enforced=True, bypassed_by=circumventor)
    node = replace(_told(facts, protection, guarded.subject, duty), basis=basis)
    return replace(guarded, state=_STATES[protection.state], told=(node,))


def _duty(facts: Facts, protection: Protection) -> str | None:
    """Return the duty that was not met, None where the table of absent controls has to tell."""
    if protection.duty is not None:
        return protection.duty
    product = protection.control in _PRODUCT
    if protection.state == "ineffective":
        return "effective-guardrail" if product else None
    if protection.state == "missing":
        return _MISSING.get(protection.control)
    party = facts.party(protection.party)
    if party is None or facts.actor(protection.setter) is not None or party.role == "vendor":
        return None
    house = {"organisation", "deployer"}
    if protection.state == "off" and product and party.role in house:
        return "keep-guardrail"
    return "no-tampering" if party.role == "third_party" else "respect-gate"


def _codes(facts: Facts, protection: Protection) -> tuple[str, ...]:
    """Return the codes that the records of a protection show.

    That an agent took a protection away is a shortcut only after a step of its own had failed.
    """
    if protection.unattended:
        return (_UNATTENDED,)
    own = protection.state in {"off", "bypassed"} and facts.is_agent(protection.setter)
    act = protection.act
    if not own or act is None or facts.actor(act.doer) != facts.actor(protection.setter):
        return ()
    return (_SHORTCUT,) if has_failed_before(facts, act) else ()


def _by_default(facts: Facts, protection: Protection) -> bool:
    """Whether nobody of the house had a part in it: it came so, or there never was one."""
    party = facts.party(protection.party)
    shipped = protection.setter is not None and protection.setter.casefold() == DEFAULT
    shipped = shipped or (party is not None and party.role == "vendor")
    return protection.state == "missing" or (protection.state == "off" and shipped)


def _circumventor(facts: Facts, protection: Protection) -> str | None:
    """Return the actor who turned it off or got round it, as far as the records name one."""
    actor = facts.actor(protection.setter)
    if protection.state not in {"off", "bypassed"} or actor is not None:
        return None if actor is None else actor.id
    went_ahead = None if protection.act is None else protection.act.doer
    return went_ahead if protection.state == "bypassed" and protection.setter is None else None


def _told(facts: Facts, protection: Protection, subject: str, duty: str | None) -> Node:
    """Return the breach that the record names; a condition of nobody's where it names no duty."""
    control = facts.catalogue.controls[protection.control]
    owner = None if duty is None else _owner(facts, protection, duty)
    active = protection.state in {"off", "bypassed"}
    return Node(
        id=f"{control.id}_{protection.state}_{subject}",
        kind="condition" if duty is None else "act" if active else "omission",
        statement=(
            f"T{name_control(control, protection.name)[1:]} {_SAYS[protection.state]}"
            f" {protection.title}: {protection.says}."
        ),
        party=owner,
        actor=None if (actor := facts.actor(protection.setter)) is None else actor.id,
        duty=duty,
        norm=None if duty is None else 0,
        basis=protection.basis,
        evidence=protection.evidence,
        rule=RULE.id,
        control=control.id,
    )


def _owner(facts: Facts, protection: Protection, duty: str) -> str | None:
    return resolve_owner(
        facts,
        duty,
        actor=protection.party,
        service=protection.service,
        set_by=protection.party,
        run_by=protection.runner,
    ).party


def _doubt(facts: Facts, draft: Draft, protection: Protection, node: str) -> str:
    """Return what leaves open whether it stood so in time."""
    if protection.order is None:
        return ""
    stood, needed = protection.order
    rests = "that the control stood so when it was needed"
    return doubt_order(facts, draft, stood, needed, node=node, rests=rests)


def _say_what_is_missing(
    facts: Facts, draft: Draft, protection: Protection, held: str, guarded: Guarded
) -> None:
    """State what the weight of the record depends on and no record says."""
    named = name_control(facts.catalogue.controls[protection.control], protection.name)
    title = f"T{named[1:]}"
    if any(node.duty is None for node in guarded.told or ()):
        draft.missing.append(
            MissingFactor(
                held,
                f"{title}: no record says who set it so or whose duty it was, so nobody is held to"
                " it. Name who in the column `set_by`, or the duty in `duty`.",
            )
        )
    for target in protection.targets:
        if draft.nodes[target].kind == "event" and not draft.causes[target].alternatives:
            draft.missing.append(
                MissingFactor(
                    target,
                    f"{title} might have averted it, but nothing on record says what it was that"
                    " was to be stopped.",
                )
            )


def _add_loose(facts: Facts, draft: Draft, protection: Protection) -> None:
    """Add a statement about a control that is about nothing in the graph; it leads to nothing."""
    if protection.state == "on":
        return
    node = _told(facts, protection, _subject(draft, protection), None)
    draft.add_node(node)
    RULE.finding(draft, node)
    kind = facts.catalogue.controls[protection.control].type
    column = "the harm items it would have spared in `harm`" if kind in AFTER else "it in `about`"
    draft.missing.append(
        MissingFactor(
            node.id,
            f"What this would have kept away is not visible in these records: name {column}.",
        )
    )


RULE = Rule(
    id="guardrail",
    version=2,
    title="A protection that was on, off, bypassed or missing",
    refuted_by="a record that it was on and did what it says, or of who else set it",
    apply=apply,
    factors=(_UNATTENDED, _SHORTCUT),
)
