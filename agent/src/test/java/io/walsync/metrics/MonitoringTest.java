package io.walsync.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.walsync.testkit.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The alert rules, the dashboard and the documentation speak of the metrics that there are. */
class MonitoringTest {

  private static final Pattern NAME = Pattern.compile("walsync_[a-z_]*[a-z]");

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"docs/monitoring/alerts.yml", "docs/monitoring/dashboard.json"})
  void whatTheyAskForIsServed(String file) throws IOException {
    assertThat(names(Files.readString(Checkout.root().resolve(file))))
        .isNotEmpty()
        .isSubsetOf(served());
  }

  @Test
  void whatIsServedIsDocumented() throws IOException {
    String operations = Files.readString(Checkout.root().resolve("docs/OPERATIONS.md"));
    assertThat(names(operations)).containsExactlyInAnyOrderElementsOf(served());
  }

  @Test
  void theDashboardIsValidJsonAndItsPanelsDoNotOverlap() throws IOException {
    String text = Files.readString(Checkout.root().resolve("docs/monitoring/dashboard.json"));
    Object read = new Load(LoadSettings.builder().build()).loadFromString(text);
    assertThat(read).isInstanceOf(Map.class);
    Map<?, ?> dashboard = (Map<?, ?>) read;
    assertThat(dashboard.get("title")).isEqualTo("Walsync");
    Set<String> cells = new TreeSet<>();
    Set<Object> ids = new HashSet<>();
    for (Object each : (List<?>) dashboard.get("panels")) {
      Map<?, ?> panel = (Map<?, ?>) each;
      assertThat(ids.add(panel.get("id"))).isTrue();
      Map<?, ?> place = (Map<?, ?>) panel.get("gridPos");
      for (int x = 0; x < (Integer) place.get("w"); x++) {
        for (int y = 0; y < (Integer) place.get("h"); y++) {
          int column = (Integer) place.get("x") + x;
          assertThat(column).isLessThan(24);
          assertThat(cells.add(column + " " + ((Integer) place.get("y") + y))).isTrue();
        }
      }
    }
  }

  @Test
  void promtoolTakesThePageAndTheRulesFireWhenTheyShould() throws Exception {
    assumeTrue(isThere("promtool"), "promtool is not on the PATH");
    Path page = folder.resolve("page");
    Files.writeString(page, MetricsPage.of(List.of(MetricsPageTest.fine("/a.db")), false));
    run(page, "promtool", "check", "metrics");
    Files.copy(Checkout.root().resolve("docs/monitoring/alerts.yml"), folder.resolve("alerts.yml"));
    Path test = folder.resolve("test.yml");
    Files.write(test, getClass().getResourceAsStream("/monitoring/alerts-test.yml").readAllBytes());
    run(null, "promtool", "test", "rules", test.toString());
  }

  private static void run(Path input, String... command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    if (input != null) {
      builder.redirectInput(input.toFile());
    }
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(said).isZero();
  }

  private static boolean isThere(String program) {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(each -> Files.isExecutable(Path.of(each, program)));
  }

  private static Set<String> names(String text) {
    return NAME.matcher(text).results().map(each -> each.group()).collect(Collectors.toSet());
  }

  /** As the code spells them: a family without a sample is not on the page. */
  private static Set<String> served() throws IOException {
    return names(
        Files.readString(
            Checkout.root().resolve("agent/src/main/java/io/walsync/metrics/MetricsPage.java")));
  }
}
