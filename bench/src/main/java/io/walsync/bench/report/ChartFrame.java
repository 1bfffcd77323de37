package io.walsync.bench.report;

import java.util.List;

/** What charts have in common: title, key, and a vertical axis with its grid. */
final class ChartFrame {

  static final double LEFT = 85;
  static final double RIGHT = SvgDrawing.WIDTH - 15.0;
  static final double TOP = 60;
  static final double BOTTOM = SvgDrawing.HEIGHT - 45.0;

  private static final String ALONE = "none";
  private static final double KEY_Y = 42;
  private static final double KEY_WIDTH = 165;

  private ChartFrame() {}

  static void draw(SvgDrawing svg, String title, String unit, Axis axis, List<String> series) {
    svg.title(title);
    svg.sideways(16, (TOP + BOTTOM) / 2, unit);
    for (double tick : axis.ticks()) {
      svg.gridLine(LEFT, y(axis, tick), RIGHT, y(axis, tick));
      svg.text(LEFT - 6, y(axis, tick) + 4, "end", Spread.number(tick));
    }
    for (int i = 0; i < series.size(); i++) {
      svg.key(LEFT + i * KEY_WIDTH, KEY_Y, colour(series, i), series.get(i));
    }
  }

  /** The first colour is for what is without any contender, so that each has one in all charts. */
  static int colour(List<String> series, int index) {
    return series.contains(ALONE) ? index : index + 1;
  }

  static double y(Axis axis, double value) {
    return BOTTOM - axis.share(value) * (BOTTOM - TOP);
  }

  static double x(Axis axis, double value) {
    return LEFT + axis.share(value) * (RIGHT - LEFT);
  }
}
