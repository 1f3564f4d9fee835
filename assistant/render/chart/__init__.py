"""Charts by a declared spec: which one suits a result, as Vega-Lite, and as an image."""

from assistant.render.chart.choosing import Chart, choose
from assistant.render.chart.drawing import spec
from assistant.render.chart.image import ChartError, png, write_png

__all__ = ["Chart", "ChartError", "choose", "png", "spec", "write_png"]
