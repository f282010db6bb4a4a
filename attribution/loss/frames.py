"""A loss as tables (pandas), for a notebook and for the workbook; amounts stay exact decimals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attribution.model.loss import LossAssessment

if TYPE_CHECKING:
    import pandas as pd


def tabulate_heads(loss: LossAssessment) -> pd.DataFrame:
    """Return one row a head: head, title, counted, low, likely, high."""
    import pandas as pd

    columns = ["head", "title", "counted", "low", "likely", "high"]
    rows = [
        (head.id, head.title, head.counted, head.net.low, head.net.likely, head.net.high)
        for head in loss.heads
    ]
    return pd.DataFrame(rows, columns=columns)


def tabulate_phases(loss: LossAssessment) -> pd.DataFrame:
    """Return one row a head and phase: head, phase, low, likely, high."""
    import pandas as pd

    rows = [
        (head.id, phase, part.low, part.likely, part.high)
        for head in loss.heads
        for phase, part in head.by_phase.items()
    ]
    return pd.DataFrame(rows, columns=["head", "phase", "low", "likely", "high"])


def tabulate_figures(loss: LossAssessment) -> pd.DataFrame:
    """Return one row an input or step, in the order they are computed, by name."""
    import pandas as pd

    rows = [
        (
            *(figure.name, figure.head, figure.title, figure.unit),
            *(figure.value.low, figure.value.likely, figure.value.high),
            *(figure.formula, figure.source, ", ".join(figure.evidence)),
        )
        for figure in loss.figures
    ]
    columns = ["name", "head", "title", "unit", "low", "likely", "high", "formula", "source"]
    return pd.DataFrame(rows, columns=[*columns, "evidence"]).set_index("name")
