package io.walsync.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class OptionsTest {

  @Test
  void everythingIsQuickAndANamedSuiteIsNot() {
    assertThat(Options.parse().isQuick()).isTrue();
    assertThat(Options.parse("--full").isQuick()).isFalse();
    assertThat(Options.parse("latency").isQuick()).isFalse();
    assertThat(Options.parse("latency", "--quick").number("runs", 9, 2)).isEqualTo(2);
    assertThat(Options.parse("latency", "--runs", "4").number("runs", 9, 2)).isEqualTo(4);
  }

  @Test
  void theFileForJsonMayBeLeftOut() {
    Path results = Path.of("/results");

    assertThat(Options.parse("--json", "latency").json(results))
        .isEqualTo(results.resolve("bench.json"));
    assertThat(Options.parse("--json", "/a/b.json").json(results)).isEqualTo(Path.of("/a/b.json"));
    assertThat(Options.parse("latency").json(results)).isNull();
  }

  @Test
  void everythingIsAlsoWrittenIntoOneFile() {
    assertThat(Options.parse("--quick").json(Path.of("/results")))
        .isEqualTo(Path.of("/results/bench.json"));
  }

  @Test
  void theRecordedCommandHasNoPathOfThisMachine() {
    assertThat(
            Options.commandLine(
                "cost", "--peers", "/a/b", "--json", "/c.json", "--results", "/d", "--docs"))
        .isEqualTo("bench/run cost --peers DIR --json FILE.json --results DIR --docs");
    assertThat(Options.commandLine("--json", "cost", "--runs", "2"))
        .isEqualTo("bench/run --json cost --runs 2");
  }

  @Test
  void whatIsNotUnderstoodIsAnError() {
    assertThatThrownBy(() -> Options.parse("--speed", "1"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Options.parse("--runs")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Options.parse("--quick", "--full"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Suites.named(Options.parse("nonsense").suites()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theHelpNamesEverySuite() {
    String help = Options.help(Suites.help());

    assertThat(Suites.all()).allSatisfy(suite -> assertThat(help).contains(suite.question()));
  }
}
