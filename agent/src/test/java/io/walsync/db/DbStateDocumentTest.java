package io.walsync.db;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.testkit.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class DbStateDocumentTest {

  @Test
  void theTableOfStatesInTheArchitectureIsTheCodes() throws IOException {
    Map<String, String> drawn = new TreeMap<>();
    boolean isTable = false;
    for (String line :
        Files.readAllLines(Checkout.root().resolve("docs").resolve("ARCHITECTURE.md"))) {
      isTable = isTable ? line.startsWith("|") : line.startsWith("| state | means |");
      if (isTable && !line.startsWith("| state") && !line.startsWith("|--")) {
        String[] cells = line.split(" *\\| *");
        drawn.put(cells[1], cells[3]);
      }
    }

    Map<String, String> real = new TreeMap<>();
    for (DbState state : DbState.values()) {
      String successors =
          Arrays.stream(DbState.values())
              .filter(state::leadsTo)
              .map(DbState::name)
              .collect(Collectors.joining(", "));
      real.put(state.name(), successors.isEmpty() ? "none" : successors);
    }
    assertThat(drawn).isEqualTo(real);
  }
}
