package io.walsync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConsoleTest {

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {"-, 80", "'', 80", "x, 80", "5, 80", "40, 40", "100, 100", "500, 120", "99999, 80"})
  void theWidthIsTheTerminalsWithinReason(String columns, int width) {
    assertThat(Console.width(columns)).isEqualTo(width);
  }

  @Test
  void aConsoleThatNobodyWatchesIsNoTerminal() {
    // Null before Java 22 and from 25 on; between them an object, for pipes as well.
    assertThat(Console.isWatched(System.console())).isFalse();
  }
}
