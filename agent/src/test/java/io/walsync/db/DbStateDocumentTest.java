package io.walsync.db;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.testkit.StateTable;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class DbStateDocumentTest {

  @Test
  void theTableOfStatesInTheArchitectureIsTheCodes() throws IOException {
    assertThat(StateTable.drawn("| state | means |"))
        .isEqualTo(StateTable.coded(DbState.values(), DbState::leadsTo));
  }
}
