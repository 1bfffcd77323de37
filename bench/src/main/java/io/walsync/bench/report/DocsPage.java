package io.walsync.bench.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The page that explains the figures. For each suite it has two marks, {@code <!-- suite -->} and
 * {@code <!-- end suite -->}; what stands between them is replaced.
 */
public final class DocsPage {

  private static final String PAGE = "BENCHMARKS.md";
  private static final String CHARTS = "benchmarks";

  private final Path docs;

  /**
   * @param docs the folder of the page
   */
  public DocsPage(Path docs) {
    this.docs = docs;
  }

  /**
   * Replaces what the page shows of a suite and writes its charts.
   *
   * @throws IllegalStateException if the page has no such marks
   */
  public void put(String suite, Report report, List<Chart> charts) {
    StringBuilder text = new StringBuilder("\n" + report.factLine() + "\n");
    for (Chart chart : charts) {
      Report.write(docs.resolve(CHARTS).resolve(chart.fileName() + ".svg"), chart.toSvg());
      text.append("\n![" + chart.fileName() + "](" + CHARTS + "/" + chart.fileName() + ".svg)\n");
    }
    report.tables().forEach(table -> text.append(table.toText().replace("\n## ", "\n#### ")));
    Path page = docs.resolve(PAGE);
    try {
      Report.write(page, replaced(Files.readString(page), suite, text + "\n"));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + page, e);
    }
  }

  static String replaced(String page, String suite, String text) {
    String begin = "<!-- " + suite + " -->\n";
    String end = "<!-- end " + suite + " -->";
    int from = page.indexOf(begin);
    int to = page.indexOf(end);
    if (from < 0 || to < from) {
      throw new IllegalStateException("the page has no place for " + suite);
    }
    return page.substring(0, from + begin.length()) + text + page.substring(to);
  }
}
