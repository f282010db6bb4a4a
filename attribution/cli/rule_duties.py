"""Which duties of the catalogue each rule can find unmet, as its code names them."""

from __future__ import annotations

import ast
import inspect
import sys
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Final

from attribution.graph.absence import Placement
from attribution.graph.duties import load_duties
from attribution.graph.rules import RULES
from attribution.graph.who_owed import load_absence_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from attribution.graph.rules.rule import Rule

_PACKAGE: Final = "attribution.graph.rules."
_UNSOUND: Final = "sound-review"


@cache
def find_duties(rule: Rule) -> tuple[str, ...]:
    """Return the duties that a rule can find unmet, in the order of the catalogue.

    They are those that its module, or a module it shares with others, names; where it puts a
    control in front of something, those of the table of absent controls beside them.
    """
    words = set()
    for module in _list_modules(sys.modules[rule.apply.__module__]):
        tree = ast.parse(inspect.getsource(module))
        words |= {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
        if getattr(module, "Placement", None) is Placement:
            named = words & load_absence_rows().keys() or load_absence_rows().keys()
            rows = [row for control in named for row in load_absence_rows()[str(control)]]
            words |= {breach.duty for row in rows for breach in row.breaches}
            words |= {_UNSOUND} if "unsound" in words else set()
    return tuple(duty for duty in load_duties() if duty in words)


def _list_modules(module: ModuleType) -> Iterator[ModuleType]:
    """Yield a rule's module and those of the package it takes from that are no rule's."""
    rules = {rule.apply.__module__ for rule in RULES}
    names = {getattr(value, "__module__", None) for value in vars(module).values()}
    yield module
    for name in sorted(name for name in names if isinstance(name, str)):
        if name.startswith(_PACKAGE) and name not in rules:
            yield sys.modules[name]


def find_rules(duty: str) -> tuple[str, ...]:
    """Return the ids of the rules that can find a duty unmet, in the order in which they run."""
    return tuple(rule.id for rule in RULES if duty in find_duties(rule))
