package io.walsync.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class TableTest {

  @Test
  void columnsAreAsWideAsTheirWidestCell() {
    Table table = new Table("a", "long heading", "c");
    table.row("wide cell", "", "x");
    table.row("", "y", "last, however long");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    table.print(new PrintStream(out, true, UTF_8));

    assertThat(out.toString(UTF_8))
        .isEqualTo(
            """
            a          long heading  c
            wide cell                x
                       y             last, however long
            """);
  }
}
