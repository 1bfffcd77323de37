package io.walsync.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Groups of bars: a group for each case, a bar for each contender, whiskers for the spread. */
public final class BarChart implements Chart {

  private static final double GROUP_SHARE = 0.8;

  private final String fileName;
  private final String title;
  private final String unit;
  private final boolean isLogarithmic;
  private final List<String> series = new ArrayList<>();
  private final Map<String, Map<String, Spread>> groups = new LinkedHashMap<>();
  private final Map<String, Map<String, String>> failures = new LinkedHashMap<>();

  public BarChart(String fileName, String title, String unit, boolean isLogarithmic) {
    this.fileName = fileName;
    this.title = title;
    this.unit = unit;
    this.isLogarithmic = isLogarithmic;
  }

  public void bar(String group, String seriesName, Spread value) {
    know(seriesName);
    groups.computeIfAbsent(group, key -> new LinkedHashMap<>()).put(seriesName, value);
  }

  /**
   * A word where a bar would be, lest nothing looks like the best of all.
   *
   * @param failure as in the table; what is before its colon is shown
   */
  public void missing(String group, String seriesName, String failure) {
    know(seriesName);
    groups.computeIfAbsent(group, key -> new LinkedHashMap<>());
    failures
        .computeIfAbsent(group, key -> new LinkedHashMap<>())
        .put(seriesName, failure.split(":")[0]);
  }

  private void know(String seriesName) {
    if (!series.contains(seriesName)) {
      series.add(seriesName);
    }
  }

  @Override
  public String fileName() {
    return fileName;
  }

  @Override
  public String toSvg() {
    List<Double> values = new ArrayList<>();
    groups.values().forEach(bars -> bars.values().forEach(bar -> values.addAll(bar.values())));
    Axis axis = isLogarithmic ? Axis.logarithmic(values) : Axis.linear(values);
    SvgDrawing svg = new SvgDrawing();
    ChartFrame.draw(svg, title, unit, axis, series);
    double groupWidth = (ChartFrame.RIGHT - ChartFrame.LEFT) / Math.max(1, groups.size());
    int index = 0;
    for (Map.Entry<String, Map<String, Spread>> group : groups.entrySet()) {
      double left = ChartFrame.LEFT + index * groupWidth;
      drawGroup(svg, axis, left, groupWidth, group.getValue());
      drawFailures(svg, left, groupWidth, failures.getOrDefault(group.getKey(), Map.of()));
      svg.text(left + groupWidth / 2, ChartFrame.BOTTOM + 18, "middle", group.getKey());
      index++;
    }
    return svg.toSvg();
  }

  private void drawGroup(
      SvgDrawing svg, Axis axis, double left, double groupWidth, Map<String, Spread> bars) {
    double width = groupWidth * GROUP_SHARE / series.size();
    for (Map.Entry<String, Spread> bar : bars.entrySet()) {
      int at = series.indexOf(bar.getKey());
      double x = left + groupWidth * (1 - GROUP_SHARE) / 2 + at * width;
      Spread value = bar.getValue();
      double top = ChartFrame.y(axis, value.median());
      String tip = bar.getKey() + ": " + value + " " + unit;
      svg.bar(x, top, width * 0.92, ChartFrame.BOTTOM - top, ChartFrame.colour(series, at), tip);
      if (value.values().size() > 1) {
        double middle = x + width * 0.46;
        svg.whisker(middle, ChartFrame.y(axis, value.max()), ChartFrame.y(axis, value.min()));
      }
    }
  }

  private void drawFailures(
      SvgDrawing svg, double left, double groupWidth, Map<String, String> failed) {
    double width = groupWidth * GROUP_SHARE / series.size();
    failed.forEach(
        (by, failure) -> {
          double x = left + groupWidth * (1 - GROUP_SHARE) / 2 + series.indexOf(by) * width;
          svg.upwards(x + width * 0.46 + 4, ChartFrame.BOTTOM - 4, failure);
        });
  }
}
