"""Draw stacked bars as a PNG that reads well on Discord's dark and light backgrounds."""

from __future__ import annotations

import io
from typing import Final

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import MaxNLocator

# Okabe and Ito's colours, which people with any colour vision can tell apart, ordered so that
# neighbours in the stack differ in lightness, too. https://jfly.uni-koeln.de/color/
COLOURS: Final = (
    "#56b4e9",
    "#e69f00",
    "#009e73",
    "#f0e442",
    "#0072b2",
    "#d55e00",
    "#cc79a7",
    "#b8b8b8",
)
PAPER: Final = "#26282d"
INK: Final = "#f2f3f5"
LINES: Final = "#4a4d55"
_TICKS: Final = 10
_WORDS: Final = 60


def draw_bars(
    title: str,
    unit: str,
    labels: tuple[str, ...],
    series: tuple[tuple[str, tuple[int, ...]], ...],
) -> bytes:
    """Return a PNG of one bar per label, made of a piece per series, the first at the bottom.

    It has a background of its own, so that neither theme shows through. Text is taken literally:
    no mathematics in a name.
    """
    # Discord shows it 550 pixels wide: at this many dots an inch its words are as large as text.
    margins = ConstrainedLayoutEngine(w_pad=0.12, h_pad=0.12)
    figure = Figure(figsize=(7.5, 4.1), dpi=132, facecolor=PAPER, layout=margins)
    axes = figure.add_subplot(facecolor=PAPER)
    bottoms = [0] * len(labels)
    for (name, values), colour in zip(series, COLOURS, strict=False):
        axes.bar(
            range(len(labels)),
            values,
            bottom=bottoms,
            color=colour,
            edgecolor=PAPER,
            linewidth=0.6,
            width=0.82,
            label=_literal(name),
        )
        bottoms = [low + value for low, value in zip(bottoms, values, strict=True)]
    axes.set_title(_literal(title), color=INK, loc="left", fontsize=13, pad=12)
    axes.set_ylabel(_literal(unit), color=INK)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
    shown = range(0, len(labels), max(1, -(-len(labels) // _TICKS)))
    axes.set_xticks(list(shown), [labels[n] for n in shown])
    axes.set_xlim(-0.6, max(len(labels), 1) - 0.4)
    axes.grid(axis="y", color=LINES, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(colors=INK, length=0)
    for side in axes.spines.values():
        side.set_visible(False)
    legend = figure.legend(
        loc="outside lower center", ncols=4, frameon=False, labelcolor=INK, fontsize=9
    )
    legend.set_in_layout(True)
    written = io.BytesIO()
    FigureCanvasAgg(figure)  # what savefig draws on; without a screen
    figure.savefig(written, format="png")
    return written.getvalue()


def _literal(text: str) -> str:
    return text[:_WORDS].replace("$", r"\$")
