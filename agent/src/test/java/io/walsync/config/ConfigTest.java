package io.walsync.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which entry stands for a database, and where its files go. */
class ConfigTest {

  @TempDir Path temporary;

  private Path folder;

  @BeforeEach
  void resolveFolder() throws Exception {
    folder = temporary.toRealPath();
  }

  @Test
  void theFirstEntryThatMatchesWins() throws Exception {
    Config config =
        load(
            """
            dbs:
              - {path: DIR/special.db, replica: {url: "s3://b/special"}}
              - {dir: DIR, pattern: "*.db", replica: {url: "s3://b/all"}}
              - {path: DIR/late.db, replica: {url: "s3://b/late"}}
            """);

    assertThat(replica(config, "special.db")).isEqualTo("s3://b/special");
    assertThat(replica(config, "late.db")).isEqualTo("s3://b/all/late.db");
    assertThat(config.match(folder.resolve("other").toFile())).isNull();
    assertThat(config.match(folder.resolve("sub/a.db").toFile())).isNull();
  }

  @Test
  void aRelativePathIsRelativeToTheWorkingDirectory() throws Exception {
    Config config = load("dbs: [{path: data/app.db, replica: {url: 's3://b/p'}}]");

    assertThat(config.match(new File("data/app.db"))).isNotNull();
    assertThat(config.match(new File("./data/x/../app.db"))).isNotNull();
    assertThat(config.match(new File("data/app.db").getAbsoluteFile())).isNotNull();
  }

  @Test
  void aLinkAndItsTargetAreOneDatabase() throws Exception {
    Path target = Files.createFile(folder.resolve("real.db"));
    Path link = Files.createSymbolicLink(folder.resolve("link.db"), target);
    Config byTarget = load("dbs: [{path: DIR/real.db, replica: {url: 's3://b/p'}}]");
    Config byLink = load("dbs: [{path: DIR/link.db, replica: {url: 's3://b/p'}}]");

    for (Config config : new Config[] {byTarget, byLink}) {
      assertThat(config.match(target.toFile())).isNotNull();
      assertThat(config.match(link.toFile())).isNotNull();
    }
  }

  @Test
  void aLinkedFolderMatchesUnderBothNames() throws Exception {
    Files.createDirectories(folder.resolve("real/eu"));
    Files.createSymbolicLink(folder.resolve("link"), folder.resolve("real"));
    Config config =
        load(
            """
            dbs:
              - {dir: DIR/link, pattern: "*.db", recursive: true, replica: {url: "s3://b/p"}}
            """);

    assertThat(replica(config, "link/eu/a.db")).isEqualTo("s3://b/p/eu/a.db");
    assertThat(replica(config, "real/eu/a.db")).isEqualTo("s3://b/p/eu/a.db");
  }

  @Test
  void twoNamesOfOneFileInAFolderShareAReplica() throws Exception {
    Path target = Files.createFile(folder.resolve("a.db"));
    Files.createSymbolicLink(folder.resolve("b.db"), target);
    Config config = load("dbs: [{dir: DIR, pattern: '*.db', replica: {url: 's3://b/p'}}]");

    assertThat(replica(config, "a.db")).isEqualTo("s3://b/p/a.db");
    assertThat(replica(config, "b.db")).isEqualTo("s3://b/p/a.db");
  }

  @Test
  void aLinkOutOfTheFolderGoesByItsName() throws Exception {
    Files.createDirectories(folder.resolve("in"));
    Path target = Files.createFile(folder.resolve("outside"));
    Files.createSymbolicLink(folder.resolve("in/a.db"), target);
    Config config = load("dbs: [{dir: DIR/in, pattern: '*.db', replica: {url: 's3://b/p'}}]");

    assertThat(replica(config, "in/a.db")).isEqualTo("s3://b/p/a.db");
  }

  @Test
  void wildcardsInAPathStandForManyDatabases() throws Exception {
    Config config =
        load(
            """
            dbs:
              - {path: "DIR/*/app.db", replica: {path: DIR/backup}}
              - {path: "DIR/deep/**/*.sqlite", replica: {url: "s3://b/deep"}}
            """);

    assertThat(replica(config, "eu/app.db")).isEqualTo("file://" + folder + "/backup/eu/app.db");
    assertThat(replica(config, "deep/x/y.sqlite")).isEqualTo("s3://b/deep/x/y.sqlite");
    assertThat(config.match(folder.resolve("app.db").toFile())).isNull();
    assertThat(config.match(folder.resolve("a/b/app.db").toFile())).isNull();
  }

  @Test
  void stateLiesBesideTheDatabaseUnlessToldOtherwise() throws Exception {
    Config config =
        load(
            """
            dbs:
              - {path: DIR/a.db, replica: {path: DIR/r/a}}
              - {path: DIR/b.db, meta-path: DIR/state, replica: {path: DIR/r/b}}
              - {dir: DIR/c, pattern: "*", recursive: true, meta-path: DIR/m,
                 replica: {path: DIR/r/c}}
              - {dir: DIR/d, pattern: "*", recursive: true, meta-dir: DIR/n,
                 replica: {path: DIR/r/d}}
            """);

    assertThat(meta(config, "a.db")).isEqualTo(".a.db-walsync");
    assertThat(meta(config, "b.db")).isEqualTo("state");
    assertThat(meta(config, "c/x/y.db")).isEqualTo("m/x/.y.db-walsync");
    assertThat(meta(config, "d/x/y.db")).isEqualTo("n/x/y.db-walsync");
  }

  @Test
  void askingAnEntryForAStrangerIsAMistake() throws Exception {
    DbConfig db = load("dbs: [{path: /a.db, replica: {url: 's3://b/p'}}]").dbs().get(0);

    assertThatThrownBy(() -> db.replicaFor(new File("/b.db")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("/a.db does not stand for /b.db");
  }

  @Test
  void theConfigurationOfAServerWithManyDatabasesLoadsInReasonableTime() throws Exception {
    StringBuilder yaml = new StringBuilder("dbs:\n");
    for (int i = 0; i < ConfigLoader.MAX_DB_COUNT; i++) {
      yaml.append("  - {path: DIR/" + i + ".db, replica: {url: 's3://b/p/" + i + "'}}\n");
    }
    assertThat(load(yaml.toString()).dbs()).hasSize(ConfigLoader.MAX_DB_COUNT);
    yaml.append("  - {path: DIR/x.db, replica: {url: 's3://b/p/x'}}\n");
    assertThatThrownBy(() -> load(yaml.toString()))
        .hasMessageEndingWith("dbs: has more than 2000 entries; use `dir` and `pattern`");
  }

  private Config load(String yaml) throws Exception {
    return ConfigFile.of(folder, yaml.replace("DIR", folder.toString())).load();
  }

  private String replica(Config config, String path) {
    File database = folder.resolve(path).toFile();
    return config.match(database).replicaFor(database).url();
  }

  private String meta(Config config, String path) {
    File database = folder.resolve(path).toFile();
    File meta = config.match(database).metaFolderFor(database);
    return folder.relativize(meta.toPath()).toString();
  }

  @Test
  void inALocaleWithoutTheCharactersOfAPathOnlyThatDatabaseIsLeftOut() throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Path file =
        Files.writeString(
            folder.resolve("c.yml"),
            "dbs:\n"
                + "  - {path: /a.db, replica: {path: /r/a}}\n"
                + "  - {path: /donn\u00e9es.db, replica: {path: /r/b}}\n"
                + "  - {path: /c.db, replica: {path: /r/\u00e9}}\n"
                + "  - {dir: /\u00e9, pattern: '*.db', replica: {path: /r/d}}\n"
                + "  - {dir: /d, pattern: '*.db', replica: {path: /r/e}}\n");
    ProcessBuilder builder =
        new ProcessBuilder(
                java,
                "-cp",
                System.getProperty("java.class.path"),
                LoadsConfig.class.getName(),
                file.toString())
            .redirectErrorStream(true);
    builder.environment().put("LC_ALL", "POSIX");
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    assertThat(process.waitFor()).as(out).isZero();
    assumeTrue(!out.contains("locale has every name"), "a JVM whose names are UTF-8 regardless");
    assertThat(out.lines())
        .contains("/a.db -> file:///r/a", "/d/*.db -> file:///r/e")
        .filteredOn(line -> line.contains(" is NOT replicated: this process's locale has no name"))
        .hasSize(3);
    assertThat(out).contains("unknown: null").contains("below a folder: InvalidPathException");
  }

  /** Run in a process of its own: what a JVM calls files is settled at its start. */
  static final class LoadsConfig {

    public static void main(String[] arguments) throws Exception {
      Config config = ConfigLoader.load(new File(arguments[0]), Map.of());
      config.dbs().forEach(System.out::println);
      config.warnings().forEach(System.out::println);
      System.out.println("unknown: " + config.match(new File("/elsewhere/\u00e9.db")));
      try {
        config.match(new File("/d/\u00e9.db"));
        System.out.println("locale has every name");
      } catch (InvalidPathException e) {
        System.out.println("below a folder: " + e.getClass().getSimpleName());
      }
    }
  }
}
