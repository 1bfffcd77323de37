package io.walsync.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PackageMapTest {

  @Test
  void whatIsNotAsDrawnIsNamedWithWhatToChange() {
    PackageMap map =
        PackageMap.of(List.of("top -> middle low", "middle -> gone top", "gone", "low"));

    assertThat(
            map.complaints(
                Map.of(
                    "top", Set.of("middle"),
                    "middle", Set.of("low"),
                    "low", Set.of(),
                    "low.new", Set.of("low"))))
        .containsExactlyInAnyOrder(
            "add to " + PackageMap.PLACE + ": low.new -> low",
            "middle uses low: cut that, or draw it",
            "there is no package gone: take its line out of " + PackageMap.PLACE,
            "middle -> top does not point down");
  }

  @Test
  void whatIsAsDrawnIsFine() {
    PackageMap map = PackageMap.of(List.of("top -> low", "low"));

    assertThat(map.complaints(Map.of("top", Set.of("low"), "low", Set.of()))).isEmpty();
  }
}
