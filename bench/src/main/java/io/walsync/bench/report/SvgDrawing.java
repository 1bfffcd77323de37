package io.walsync.bench.report;

import java.util.Locale;

/**
 * The few SVG elements that charts need. Written by hand because chart libraries draw through AWT,
 * which needs fonts on the machine, and their files differ from run to run.
 */
final class SvgDrawing {

  static final int WIDTH = 760;
  static final int HEIGHT = 360;

  /** Readable on white and on black, and told apart without colour vision. */
  private static final String[] COLOURS = {"#7f7f7f", "#1f77b4", "#e08214", "#2ca02c", "#9467bd"};

  private static final String HEAD =
      """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" \
      font-size="12">
      <style>text { fill: #333 } .grid { stroke: #999; stroke-opacity: 0.35 } \
      @media (prefers-color-scheme: dark) { text { fill: #ddd } }</style>
      """;

  private final StringBuilder body = new StringBuilder();

  static String colour(int series) {
    return COLOURS[series % COLOURS.length];
  }

  void text(double x, double y, String anchor, String text) {
    element("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>", x, y, anchor, escape(text));
  }

  void title(String text) {
    element(
        "<text x=\"%d\" y=\"20\" text-anchor=\"middle\" font-size=\"14\" font-weight=\"bold\">%s"
            + "</text>",
        WIDTH / 2, escape(text));
  }

  /** Reads upwards. */
  void sideways(double x, double y, String text) {
    element(
        "<text transform=\"translate(%.1f %.1f) rotate(-90)\" text-anchor=\"middle\">%s</text>",
        x, y, escape(text));
  }

  /** As {@link #sideways}, from its beginning. */
  void upwards(double x, double y, String text) {
    element("<text transform=\"translate(%.1f %.1f) rotate(-90)\">%s</text>", x, y, escape(text));
  }

  void gridLine(double x1, double y1, double x2, double y2) {
    element(
        "<line class=\"grid\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>", x1, y1, x2, y2);
  }

  /**
   * @param tip shown by browsers when pointed at
   */
  void bar(double x, double y, double width, double height, int series, String tip) {
    element(
        "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"><title>%s</title>"
            + "</rect>",
        x, y, width, height, colour(series), escape(tip));
  }

  /** From the least to the most measured, over a bar. */
  void whisker(double x, double top, double bottom) {
    element(
        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#000\""
            + " stroke-opacity=\"0.6\"/>",
        x, top, x, bottom);
  }

  /**
   * @param points {@code x,y} separated by blanks
   */
  void line(String points, int series) {
    element(
        "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\"/>",
        points, colour(series));
  }

  void key(double x, double y, int series, String name) {
    bar(x, y - 9, 10, 10, series, name);
    text(x + 15, y, "start", name);
  }

  private void element(String format, Object... values) {
    body.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  String toSvg() {
    return String.format(Locale.ROOT, HEAD, WIDTH, HEIGHT) + body + "</svg>\n";
  }
}
