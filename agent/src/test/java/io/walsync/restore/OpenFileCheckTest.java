package io.walsync.restore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class OpenFileCheckTest {

  @TempDir Path folder;

  private final OpenFileCheck check = new OpenFileCheck();
  private final OpenFileCheck onlyLocks = new OpenFileCheck(new File("/no-such-folder"));

  @Test
  void aFileNobodyHasOpenIsNotOpen() throws IOException {
    Path file = Files.createFile(folder.resolve("a.db"));
    assertThat(check.isOpen(file.toFile())).isFalse();
    assertThat(onlyLocks.isOpen(file.toFile())).isFalse();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aConnectionOfThisProcessIsSeen() throws Exception {
    File file = folder.resolve("a.db").toFile();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("create table t(a)");
      assertThat(check.isOpen(file)).isTrue();
    }
    assertThat(check.isOpen(file)).isFalse();
  }

  @Test
  void aWalConnectionOfAnotherProcessIsSeenByItsLocks() throws Exception {
    File file = folder.resolve("a.db").toFile();
    Process other = holdOpen(file);
    try {
      assertThat(onlyLocks.isOpen(file)).isTrue();
    } finally {
      other.getOutputStream().close();
      other.waitFor();
    }
    assertThat(onlyLocks.isOpen(file)).isFalse();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aProcessThatMerelyHasTheFileOpenIsSeen() throws Exception {
    Path file = Files.createFile(folder.resolve("a.db"));
    Process other =
        new ProcessBuilder("sh", "-c", "exec 9<\"$0\"; echo open; read line", file.toString())
            .start();
    try {
      assertThat(other.getInputStream().read()).isEqualTo('o');
      assertThat(onlyLocks.isOpen(file.toFile())).isFalse();
      assertThat(check.isOpen(file.toFile())).isTrue();
    } finally {
      other.getOutputStream().close();
      other.waitFor();
    }
    assertThat(check.isOpen(file.toFile())).isFalse();
  }

  private static Process holdOpen(File file) throws IOException {
    Process other =
        new ProcessBuilder(
                System.getProperty("java.home") + "/bin/java",
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                file.getPath())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(other.getInputStream().read()).isEqualTo('o');
    return other;
  }

  /** Keeps a WAL connection open until its input ends. */
  public static final class Holder {

    private Holder() {}

    public static void main(String[] args) throws Exception {
      try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + args[0]);
          Statement statement = connection.createStatement()) {
        statement.execute("pragma journal_mode=wal");
        statement.execute("create table t(a)");
        System.out.print("open");
        System.out.flush();
        int end = System.in.read();
        assert end == -1;
      }
    }
  }
}
