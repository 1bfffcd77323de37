package io.walsync.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the URL of a replica stands for where a configuration is expected. */
class EveryDatabaseTest {

  @TempDir Path temporary;

  @Test
  void eachDatabaseIsBelowItsOwnAbsolutePath() throws Exception {
    Path folder = temporary.toRealPath();
    Path first = Files.createDirectories(folder.resolve("a")).resolve("app.db");
    Path second = Files.createDirectories(folder.resolve("b c")).resolve("app.db");
    Config config = load("s3://bucket/prod/");

    assertThat(replica(config, first)).isEqualTo("s3://bucket/prod" + first);
    assertThat(replica(config, second)).isEqualTo("s3://bucket/prod" + second);
    assertThat(replica(config, Path.of("app.db")))
        .isEqualTo("s3://bucket/prod" + new File("app.db").getCanonicalPath());
  }

  @Test
  void aLinkIsTheFileThatItLeadsTo() throws Exception {
    Path folder = temporary.toRealPath();
    Path real = Files.createDirectory(folder.resolve("real"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), real);
    Config config = load("file:///mnt/backup");

    assertThat(replica(config, link.resolve("app.db")))
        .isEqualTo("file:///mnt/backup" + real.resolve("app.db"));
  }

  @Test
  void stateIsKeptBesideEachDatabase() throws Exception {
    Path database = temporary.toRealPath().resolve("app.db");

    assertThat(load("s3://b/p").match(database.toFile()).metaFolderFor(database.toFile()))
        .isEqualTo(database.resolveSibling(".app.db-walsync").toFile());
  }

  @Test
  void theRootOfABucketIsTakenWithAWarning() throws Exception {
    Config config = load("s3://bucket");

    assertThat(replica(config, Path.of("/srv/app.db"))).endsWith("/srv/app.db");
    assertThat(config.warnings()).hasSize(1).allMatch(w -> w.startsWith("the replica's URL: "));
  }

  @Test
  void onlyThisStandsForEverything() throws Exception {
    assertThat(load("s3://b/p").dbs()).hasSize(1).allMatch(DbConfig::isEverything);
    String yaml = "dbs: [{dir: /srv, pattern: '*', recursive: true, replica: {path: /r}}]";
    assertThat(ConfigFile.of(temporary, yaml).load().dbs()).noneMatch(DbConfig::isEverything);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gs://b/p | replicas of type gs cannot be written yet; those that can are s3 and file",
        "http://b/p | unknown replica type \"http\"; use s3 or file",
        "s3:///p | ",
        "s3://b/p?regio=x | unknown parameter `regio`; did you mean `region`?",
        "s3://b/p?partSize=x | partSize: "
      })
  void aWrongUrlIsAnErrorThatDoesNotShowIt(String url, String problem) {
    assertThatThrownBy(() -> load(url))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("the replica's URL: " + (problem == null ? "" : problem))
        .hasMessageNotContaining(url);
  }

  @Test
  void itsNameShowsNoSecret() throws Exception {
    ConfigPlace place = ConfigPlace.of("s3://AKIAXYZ:hush@bucket/p?region=eu-north-1");

    assertThat(place.name(place.load(Map.of()))).isEqualTo("s3://bucket/p");
    assertThat(place.load(Map.of()).warnings()).noneMatch(w -> w.contains("hush"));
  }

  private static Config load(String url) throws ConfigException {
    return ConfigPlace.of(url).load(Map.of());
  }

  private static String replica(Config config, Path database) {
    return config.match(database.toFile()).replicaFor(database.toFile()).url();
  }
}
