package io.walsync.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A line for each contender over something that grows. */
public final class LineChart implements Chart {

  private record Point(double x, double y) {}

  private final String fileName;
  private final String title;
  private final String across;
  private final String up;
  private final boolean isLogarithmic;
  private final Map<String, List<Point>> lines = new LinkedHashMap<>();

  /**
   * @param across what grows, with its unit
   * @param up what is shown, with its unit
   * @param isLogarithmic both axes
   */
  public LineChart(String fileName, String title, String across, String up, boolean isLogarithmic) {
    this.fileName = fileName;
    this.title = title;
    this.across = across;
    this.up = up;
    this.isLogarithmic = isLogarithmic;
  }

  /** The next point of a line. */
  public void point(String series, double x, double y) {
    lines.computeIfAbsent(series, key -> new ArrayList<>()).add(new Point(x, y));
  }

  @Override
  public String fileName() {
    return fileName;
  }

  @Override
  public String toSvg() {
    List<Double> xs = new ArrayList<>();
    List<Double> ys = new ArrayList<>();
    lines.values().forEach(line -> line.forEach(point -> xs.add(point.x)));
    lines.values().forEach(line -> line.forEach(point -> ys.add(point.y)));
    Axis horizontal = isLogarithmic ? Axis.logarithmic(xs) : Axis.linear(xs);
    Axis vertical = isLogarithmic ? Axis.logarithmic(ys) : Axis.linear(ys);
    SvgDrawing svg = new SvgDrawing();
    ChartFrame.draw(svg, title, up, vertical, List.copyOf(lines.keySet()));
    for (double tick : horizontal.ticks()) {
      String label = Spread.number(tick);
      svg.text(ChartFrame.x(horizontal, tick), ChartFrame.BOTTOM + 16, "middle", label);
    }
    svg.text((ChartFrame.LEFT + ChartFrame.RIGHT) / 2, ChartFrame.BOTTOM + 36, "middle", across);
    List<String> series = List.copyOf(lines.keySet());
    for (int i = 0; i < series.size(); i++) {
      String points = points(lines.get(series.get(i)), horizontal, vertical);
      svg.line(points, ChartFrame.colour(series, i));
    }
    return svg.toSvg();
  }

  private static String points(List<Point> line, Axis horizontal, Axis vertical) {
    StringBuilder text = new StringBuilder();
    for (Point point : line) {
      text.append(
          String.format(
              Locale.ROOT,
              "%.1f,%.1f ",
              ChartFrame.x(horizontal, point.x),
              ChartFrame.y(vertical, point.y)));
    }
    return text.toString().trim();
  }
}
