package io.walsync.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.sqlite.JDBC;

class DriverVersionTest {

  @Test
  void theCopyOnTheClassPathSaysWhatItIs() throws SQLException {
    DriverManager.getConnection("jdbc:sqlite::memory:").close();
    DriverVersion version = DriverVersion.of(JDBC.class.getClassLoader());

    assertThat(version.driver()).matches("3\\.\\d+\\.\\d+\\.\\d+");
    assertThat(version.sqlite()).isNotNull();
    assertThat(version.driver()).startsWith(version.sqlite() + ".");
    assertThat(version)
        .hasToString("sqlite-jdbc " + version.driver() + " with SQLite " + version.sqlite());
  }

  @Test
  void aLoaderWithoutADriverSaysNothing() throws Exception {
    try (URLClassLoader empty = new URLClassLoader(new URL[0], null)) {
      DriverVersion version = DriverVersion.of(empty);

      assertThat(version.driver()).isNull();
      assertThat(version.sqlite()).isNull();
      assertThat(version)
          .hasToString("sqlite-jdbc of an unknown version with SQLite of an unknown version");
    }
  }
}
