package io.walsync.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocsPageTest {

  @TempDir Path folder;

  @Test
  void onlyThePlaceOfTheSuiteIsReplaced() {
    String page = "text\n<!-- a -->\nold\n<!-- end a -->\nmore\n<!-- b -->\n<!-- end b -->\n";

    assertThat(DocsPage.replaced(page, "a", "new\n"))
        .isEqualTo("text\n<!-- a -->\nnew\n<!-- end a -->\nmore\n<!-- b -->\n<!-- end b -->\n");
    assertThatThrownBy(() -> DocsPage.replaced(page, "c", "new\n"))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void tablesAndChartsOfASuiteArePutIn() throws Exception {
    Path page = Files.writeString(folder.resolve("BENCHMARKS.md"), "<!-- a -->\n<!-- end a -->\n");
    Report report = new Report(Map.of("date", "today"));
    ResultTable table = new ResultTable("speed", "by", "s", "MB/s");
    table.row("Walsync", 1.5, new Spread(List.of(1.0, 2.0, 3.0)));
    table.failure("WRONG: 4 of 10 rows missing", "other");
    report.add(table);
    report.took("a", 83.4);
    BarChart chart = new BarChart("speed", "Speed", "s", false);
    chart.bar("one", "Walsync", new Spread(List.of(1.5)));

    new DocsPage(folder).put("a", report, List.of(chart));

    assertThat(Files.readString(page))
        .contains(
            "date: today",
            "took: a 83 s",
            "![speed](benchmarks/speed.svg)",
            "#### speed",
            "2 (1..3)")
        .contains("| other   | WRONG: 4 of 10 rows missing |          |");
    assertThat(folder.resolve("benchmarks/speed.svg")).content().startsWith("<svg");
    assertThat(table.hasFailureOf("other")).isTrue();
    assertThat(table.hasFailureOf("Walsync")).isFalse();
  }

  @Test
  void aLongFailureIsANote() {
    ResultTable table = new ResultTable("speed", "by", "s");

    table.failure("failed: " + "x".repeat(100), "other");

    table.failure("WRONG: 4 of 10 rows missing; " + "x".repeat(100), "third");

    assertThat(table.toText())
        .contains("| other | failed ", "- [other] failed: xxx")
        .contains("| third | WRONG: 4 of 10 rows missing |", "- [third] WRONG: 4 of 10");
  }
}
