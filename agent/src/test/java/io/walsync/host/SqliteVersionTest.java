package io.walsync.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqliteVersionTest {

  @ParameterizedTest
  @CsvSource({
    "3.6.23.1x, ",
    "3.6.23, false",
    "3.7.0, true",
    "3.8.11.1, ",
    "3.44.5, true",
    "3.44.6, false",
    "3.45.0, true",
    "3.50.6, true",
    "3.50.7, false",
    "3.51.2, true",
    "3.51.3, false",
    "3.54, false",
    "4.0.0, false"
  })
  void theWalResetBugIsIn37To3512LessItsBackports(String text, Boolean hasBug) {
    SqliteVersion version = SqliteVersion.parse(text);
    if (hasBug == null) {
      assertThat(version).isNull();
    } else {
      assertThat(version.hasWalResetBug()).isEqualTo(hasBug);
      assertThat(version).hasToString(text);
    }
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "three", "3", "99999.1.1"})
  void whatIsNoVersionIsNone(String text) {
    assertThat(SqliteVersion.parse(text)).isNull();
  }
}
