"""The causal graph alone, in every form `attribution graph` prints it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from attribution.errors import AttributionError
from attribution.graph.exchange.why_because import write_why_because
from attribution.model.actor import Actor
from attribution.model.analysis import Analysis
from attribution.model.comparison import Comparison
from attribution.model.event import Timeline
from attribution.model.graph import CausalGraph
from attribution.model.interval import EXCLUDED
from attribution.model.manifest import Manifest
from attribution.model.result import Attribution
from attribution.report.digest import condense
from attribution.report.html.svg import write_svg_file
from attribution.report.layout.geometry import Engine
from attribution.report.layout.graph import draw_graph
from attribution.report.layout.graphviz import lay_out_with_graphviz
from attribution.report.layout.layered import lay_out
from attribution.report.mermaid import write_dot, write_mermaid
from attribution.report.names import hide_names, hide_parties
from attribution.report.raster import draw_png
from attribution.report.redaction import (
    learning_view,
    rename_parties,
    spell_out_analysis,
)
from attribution.report.sections.causes import graph_shown, graph_words
from attribution.report.view import View

ENGINES: Mapping[str, Engine] = {"built-in": lay_out, "graphviz": lay_out_with_graphviz}
"""Layout engines by name; reports use the first, so that their bytes are the same everywhere."""

_PNG_SCALE = 2.0


def render_graph(  # noqa: PLR0917 - the parts of a case up to its graph
    manifest: Manifest,
    timeline: Timeline,
    actors: tuple[Actor, ...],
    graph: CausalGraph,
    output_format: str,
    layout: str = "built-in",
) -> bytes:
    """Return the graph of a case as `svg`, `png`, `dot`, `mermaid` or `wbg`.

    A case in learning mode is drawn without names and parties; manifest, timeline and actors say
    which those are. Raises AttributionError for another format, MissingExtraError where a format
    or layout needs what is not installed.
    """
    analysis = _without_shares(manifest, timeline, actors, graph)
    learning = manifest.mode == "learning"
    hide = (hide_names if learning else hide_parties)(analysis)
    analysis = condense(analysis)[0]
    seen = learning_view(analysis, hide) if learning else rename_parties(analysis, hide)
    view = View(spell_out_analysis(seen), "postmortem" if learning else "legal")
    writers: Mapping[str, Callable[[], bytes]] = {
        "svg": lambda: _write_svg(view, layout).encode("utf-8"),
        "png": lambda: draw_png(_write_svg(view, layout), _PNG_SCALE),
        "dot": lambda: write_dot(graph_shown(view), graph_words(view)).encode("utf-8"),
        "mermaid": lambda: write_mermaid(
            view.analysis.graph, graph_words(view), named=not learning
        ).encode("utf-8"),
        "wbg": lambda: write_why_because(view.analysis.graph).encode("utf-8"),
    }
    if output_format not in writers:
        raise AttributionError(
            "there is no such format of the graph", got=output_format, expected=", ".join(writers)
        )
    return writers[output_format]()


def _without_shares(
    manifest: Manifest, timeline: Timeline, actors: tuple[Actor, ...], graph: CausalGraph
) -> Analysis:
    """Return an analysis that ends with the graph: a picture of it needs nothing computed on it."""
    return Analysis(
        manifest=manifest,
        evidence=(),
        rejections={},
        timeline=timeline,
        actors=actors,
        commits=(),
        reviews=(),
        deployments=(),
        graph=graph,
        attribution=Attribution(manifest.id, (), EXCLUDED, (), {}, {}),
        comparison=Comparison((), (), ()),
        what_if=(),
        merkle_root="",
        version="",
    )


def _write_svg(view: View, layout: str) -> str:
    picture = draw_graph(graph_shown(view), graph_words(view, links=False), ENGINES[layout])
    return write_svg_file(picture, view.analysis.manifest.title, view.wording.text("causes.figure"))
