package io.walsync.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;

/** The states of one machine and what may follow each, as docs/ARCHITECTURE.md and the code say. */
public final class StateTable {

  private StateTable() {}

  /** What stands in the table that begins with these cells, the last of which is what follows. */
  public static Map<String, String> drawn(String header) throws IOException {
    Map<String, String> drawn = new TreeMap<>();
    boolean isTable = false;
    for (String line :
        Files.readAllLines(Checkout.root().resolve("docs").resolve("ARCHITECTURE.md"))) {
      boolean isHeader = line.startsWith(header);
      isTable = isTable ? line.startsWith("|") : isHeader;
      if (isTable && !isHeader && !line.startsWith("|--")) {
        String[] cells = line.split(" *\\| *");
        drawn.put(cells[1], cells[3]);
      }
    }
    return drawn;
  }

  /** What the code says, in the same form. */
  public static <S extends Enum<S>> Map<String, String> coded(
      S[] states, BiPredicate<S, S> leadsTo) {
    Map<String, String> coded = new TreeMap<>();
    for (S state : states) {
      String successors =
          Arrays.stream(states)
              .filter(each -> leadsTo.test(state, each))
              .map(S::name)
              .collect(Collectors.joining(", "));
      coded.put(state.name(), successors.isEmpty() ? "none" : successors);
    }
    return coded;
  }
}
