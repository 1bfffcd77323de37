package io.walsync.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UserPathTest {

  @ParameterizedTest
  @CsvSource({
    "/a.db, /a.db",
    "sqlite:///a.db, /a.db",
    "sqlite3:///a.db, /a.db",
    "sqlite://a.db, a.db",
    "sqlite4:///a.db, sqlite4:///a.db",
  })
  void connectionStringPrefixesAreDropped(String path, String stripped) {
    assertThat(UserPath.stripSqlitePrefix(path)).isEqualTo(stripped);
  }

  @Test
  void aTildeAloneOrBeforeASlashIsTheHome() {
    String home = System.getProperty("user.home");
    assertThat(UserPath.absolute("~")).isEqualTo(new File(home));
    assertThat(UserPath.absolute("~/a/../b")).isEqualTo(new File(home, "b"));
    assertThat(UserPath.absolute("/~")).isEqualTo(new File("/~"));
    assertThat(UserPath.absolute("~a")).isEqualTo(new File(System.getProperty("user.dir"), "~a"));
  }
}
