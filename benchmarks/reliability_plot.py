"""Draws a reliability diagram as SVG from what benchmarks/reliability.py writes to it; needs matplotlib."""

from __future__ import annotations

import json
import sys

from matplotlib import pyplot

pyplot.rcParams |= {"svg.hashsalt": "holdfast", "svg.fonttype": "none"}
series = json.load(sys.stdin)
figure, axes = pyplot.subplots(figsize=(6.4, 4.4), layout="constrained")
axes.plot([0.5, 1], [0.5, 1], color="#888888", linewidth=1, linestyle="--", label="as sure as right")
for (name, bins), colour, shift in zip(series.items(), ("#0b5cad", "#c2571a"), (-0.001, 0.001), strict=True):
    right = [each["right"] for each in bins]
    below = [each["right"] - each["least"] for each in bins]
    above = [each["most"] - each["right"] for each in bins]
    axes.errorbar(
        [each["confidence"] + shift for each in bins],
        right,
        yerr=[below, above],
        fmt="o",
        color=colour,
        capsize=3,
        label=name,
    )
    for each in bins:
        place = (each["confidence"] + shift, each["right"])
        axes.annotate(
            f"{each['readings']:.0f}", place, xytext=(5, -11), textcoords="offset points", fontsize=8
        )
axes.set(
    xlim=(0.75, 1.01),
    ylim=(0.5, 1.02),
    xlabel="confidence",
    ylabel="share with the right kind of data and figure",
    title="Confidence against what was right (95 % intervals, number of readings)",
)
axes.title.set_fontsize(10)
axes.legend(loc="lower right", fontsize=8)
figure.savefig(sys.argv[1], metadata={"Date": None})
