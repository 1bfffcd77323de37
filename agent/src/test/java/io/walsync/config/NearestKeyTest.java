package io.walsync.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestKeyTest {

  @ParameterizedTest
  @CsvSource({
    "path, path, 0",
    "'', path, 4",
    "pth, path, 1",
    "paths, path, 1",
    "pqth, path, 1",
    "ptah, path, 1",
    "htap, path, 3",
  })
  void editsAreCounted(String a, String b, int distance) {
    assertThat(NearestKey.distance(a, b)).isEqualTo(distance);
    assertThat(NearestKey.distance(b, a)).isEqualTo(distance);
  }

  @Test
  void theNearestOfSeveralIsFound() {
    List<String> known = List.of("meta-path", "path", "pattern");
    assertThat(NearestKey.find("patern", known)).isEqualTo("pattern");
    assertThat(NearestKey.find("META_PATH", known)).isEqualTo("meta-path");
    assertThat(NearestKey.find("pth", known)).isEqualTo("path");
  }

  @Test
  void nothingIsNearAStranger() {
    assertThat(NearestKey.find("colour", List.of("path", "pattern"))).isNull();
    assertThat(NearestKey.find("x", List.of())).isNull();
  }
}
