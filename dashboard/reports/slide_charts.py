"""A process-behaviour chart as a native chart of a presentation: value, limits, centre and target as editable series."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_MARKER_STYLE, XL_TICK_LABEL_POSITION
from pptx.enum.dml import MSO_LINE
from pptx.slide import Slide
from pptx.util import Length, Pt

from dashboard.charts.template import nice_ticks
from dashboard.language import _
from dashboard.queries.values import Point
from dashboard.reports.cell_looks import pattern
from dashboard.reports.content import Row
from dashboard.reports.pictures import description
from dashboard.reports.slide_parts import FAINT, FONT, INK, QUIET, cleaned, colour

SHAPES = {
    "better": XL_MARKER_STYLE.TRIANGLE,
    "worse": XL_MARKER_STYLE.SQUARE,
    "changed": XL_MARKER_STYLE.DIAMOND,
}


def add_behaviour(slide: Slide, row: Row, left: Length, top: Length, width: Length, height: Length) -> None:
    """Draw the series of one KPI."""
    points = row.points
    data: Any = CategoryChartData(number_format=pattern(row.definition.unit, row.definition.decimals))
    data.categories = [f"{point.period_start.isocalendar().week:02d}" for point in points]
    lines: list[tuple[str, Callable[[Point], float | None]]] = [(_("value"), lambda point: point.value)]
    if any(point.centre is not None for point in points):
        lines += [
            (_("upper limit"), lambda point: point.upper_limit),
            (_("lower limit"), lambda point: point.lower_limit),
        ]
    if any(point.target is not None for point in points):
        lines.append((_("target"), lambda point: point.target))
    for name, number in lines:
        data.add_series(name, [number(point) for point in points])
    # python-pptx says that this is the chart; it is the frame that holds the chart.
    frame: Any = slide.shapes.add_chart(XL_CHART_TYPE.LINE_MARKERS, left, top, width, height, data)
    frame.name = cleaned(row.definition.label)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", cleaned(description(row)))
    chart = frame.chart
    chart.font.size, chart.font.name, chart.font.color.rgb = Pt(9), FONT, QUIET
    chart.has_title = True
    title = chart.chart_title.text_frame
    title.text = cleaned(_("{label}, by week").format(label=row.definition.label))
    font = title.paragraphs[0].runs[0].font
    font.size, font.bold, font.name, font.color.rgb = Pt(12), True, FONT, INK
    chart.has_legend = True
    chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    _axes(chart, row)
    for number, series in enumerate(chart.plots[0].series):
        series.smooth = False
        if number == 0:
            _values(series, points)
        else:
            is_target = number == len(lines) - 1 and lines[-1][0] == _("target")
            series.marker.style = XL_MARKER_STYLE.NONE
            line = series.format.line
            line.color.rgb, line.width = colour("target" if is_target else "ordinary"), Pt(1)
            line.dash_style = MSO_LINE.DASH if is_target else MSO_LINE.ROUND_DOT


def _values(series, points: tuple[Point, ...]) -> None:
    """The line of values; a week with a signal has the shape and the colour of its direction."""
    series.format.line.color.rgb, series.format.line.width = colour("ordinary"), Pt(1.75)
    series.marker.style, series.marker.size = XL_MARKER_STYLE.CIRCLE, 4
    series.marker.format.fill.solid()
    series.marker.format.fill.fore_color.rgb = colour("ordinary")
    series.marker.format.line.color.rgb = colour("ordinary")
    for place, point in enumerate(points):
        if point.value is not None and point.is_signal:
            direction = point.direction or "changed"
            marker = series.points[place].marker
            marker.style, marker.size = SHAPES.get(direction, XL_MARKER_STYLE.DIAMOND), 8
            marker.format.fill.solid()
            marker.format.fill.fore_color.rgb = colour(direction)
            marker.format.line.color.rgb = colour(direction)


def _axes(chart, row: Row) -> None:
    """Few labels, faint lines, the number format of the KPI."""
    across, down = chart.category_axis, chart.value_axis
    across.has_major_gridlines = False
    across.format.line.color.rgb = colour("ordinary")
    across.tick_labels.font.size = Pt(8)
    across.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    spacing = across._element.makeelement(
        "{http://schemas.openxmlformats.org/drawingml/2006/chart}tickLblSkip",
        {"val": str(max(1, len(row.points) // 4))},
    )
    no_multilevel = across._element.find("{http://schemas.openxmlformats.org/drawingml/2006/chart}noMultiLvlLbl")
    if no_multilevel is not None:
        no_multilevel.addprevious(spacing)
    down.format.line.fill.background()
    down.major_gridlines.format.line.color.rgb = FAINT
    down.major_gridlines.format.line.width = Pt(0.25)
    down.tick_labels.font.size = Pt(8)
    down.tick_labels.number_format_is_linked = False
    down.tick_labels.number_format = pattern(
        row.definition.unit, 0 if row.definition.unit == "brl" else row.definition.decimals
    )
    numbers = [
        number
        for point in row.points
        for number in (point.value, point.lower_limit, point.upper_limit, point.target)
        if number is not None
    ]
    low, high = min(numbers), max(numbers)
    reach = (high - low) or abs(high) or 1.0
    ticks = nice_ticks(low - reach * 0.08, high + reach * 0.08, 4)
    # The axis begins where the figures do; one that begins at zero would flatten a change that matters.
    if len(ticks) > 1:
        step = ticks[1] - ticks[0]
        down.major_unit = step
        down.minimum_scale = ticks[0] - (step if ticks[0] > low else 0)
        down.maximum_scale = ticks[-1] + (step if ticks[-1] < high else 0)
