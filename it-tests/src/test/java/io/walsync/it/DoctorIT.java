package io.walsync.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.it.harness.Application;
import io.walsync.it.harness.DirectoryReplica;
import io.walsync.it.harness.ForkedJvm;
import io.walsync.it.harness.Recovery;
import io.walsync.it.harness.RestoreCommand;
import io.walsync.testkit.AgentYaml;
import io.walsync.testkit.Command;
import io.walsync.teststore.EmbeddedS3;
import io.walsync.teststore.Fault;
import io.walsync.teststore.S3Operation;
import io.walsync.teststore.S3Request;
import io.walsync.teststore.StubServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code doctor} says of healthy surroundings and of each that is not. */
final class DoctorIT {

  private static final String BUCKET = "doctor";
  private static final String URL = "s3://" + BUCKET + "/app";

  private static EmbeddedS3 store;

  @TempDir Path folder;
  private Path database;
  private Path config;

  @BeforeAll
  static void start() {
    store = EmbeddedS3.inMemory().createBucket(BUCKET);
  }

  @AfterAll
  static void stop() {
    store.close();
  }

  @BeforeEach
  void place() throws IOException {
    database = folder.resolve("app.db");
    config =
        Files.writeString(
            folder.resolve("walsync.yml"),
            "dbs:\n  - path: " + database + "\n    replica: {url: '" + URL + "'}\n");
  }

  @AfterEach
  void mend() {
    store.faults().clear();
  }

  @Test
  void ofHealthySurroundingsEveryLineIsOkAndNothingIsLeftBehind() {
    makeDatabase();
    Command.Outcome outcome = doctor(Map.of(), "-config", config.toString());

    assertThat(outcome.exitCode()).as(outcome.output()).isZero();
    List<String> lines = outcome.stdout().lines().toList();
    assertThat(lines).noneMatch(line -> line.startsWith("fail"));
    for (String check :
        List.of("list", "write", "read", "delete", "clock", "conditional writes", "latency")) {
      assertThat(lines).anyMatch(line -> line.startsWith("ok    " + check + " of " + URL + ": "));
    }
    for (String check : List.of("database", "auto_vacuum", "history", "cost")) {
      assertThat(lines)
          .anyMatch(line -> line.startsWith("ok    " + check + " of " + database + ": "));
    }
    assertThat(lines).last().asString().matches("\\d+ ok, \\d+ warn, 0 fail");
    assertThat(store.keys(BUCKET, "")).isEmpty();
    assertThat(folder.resolve(".app.db-walsync")).doesNotExist();
  }

  @Test
  void oneDatabaseOfTheConfigurationIsLookedAtAlone() {
    Command.Outcome outcome = doctor(Map.of(), "-config", config.toString(), database.toString());

    assertThat(outcome.exitCode()).as(outcome.output()).isZero();
    assertThat(outcome.stdout())
        .contains("warn  database of " + database + ": there is no such file. ");
    assertThat(doctor(Map.of(), "-config", config.toString(), "/none.db").exitCode()).isEqualTo(2);
  }

  @Test
  void wrongKeysAreAFailure() {
    Command.Outcome outcome = doctor(Map.of("AWS_SECRET_ACCESS_KEY", "not-the-key"), URL);

    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.stdout())
        .contains("fail  list of " + URL + ": ")
        .contains("0 warn, 1 fail")
        .doesNotContain("write of");
  }

  @Test
  void aMissingBucketIsAFailure() {
    Command.Outcome outcome = doctor(Map.of(), "s3://no-such-bucket/app");

    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.stdout()).contains("fail  list of s3://no-such-bucket/app: ");
  }

  @Test
  void keysThatMayOnlyReadAreAFailure() {
    store.faults().always(S3Operation.PUT_OBJECT, Fault.error(403, "AccessDenied"));
    Command.Outcome outcome = doctor(Map.of(), URL);

    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.stdout())
        .contains("ok    list of " + URL, "fail  write of " + URL, "ok    read of " + URL);
  }

  @Test
  void aStoreThatIgnoresConditionsIsAWarning() {
    try (StubServer stub = new StubServer(new ForgetfulStore())) {
      Command.Outcome outcome = doctor(Map.of("WALSYNC_ENDPOINT", stub.endpoint().toString()), URL);

      assertThat(outcome.exitCode()).as(outcome.output()).isZero();
      assertThat(outcome.stdout())
          .contains("warn  conditional writes of " + URL + ": the store ignores If-None-Match. ");
    }
  }

  @Test
  void aClockThatIsFarOffIsAFailure() {
    store
        .faults()
        .always(
            S3Operation.LIST_OBJECTS,
            Fault.answer(
                403,
                "application/xml",
                "<Error><Code>RequestTimeTooSkewed</Code><Message>off</Message></Error>",
                "Date: Mon, 01 Jan 2024 00:00:00 GMT"));
    Command.Outcome outcome = doctor(Map.of(), URL);

    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.stdout())
        .containsPattern("fail  clock of " + URL + ": \\d+ s ahead of the store's\\. Set this");
  }

  @Test
  void aRunningJvmIsAskedAndItsFilesAreLookedAt() {
    DirectoryReplica replica = new DirectoryReplica(folder.resolve("replica"));
    Path yaml = AgentYaml.of(database, replica).writeTo(folder.resolve("directory.yml"));
    try (ForkedJvm app = Application.replicated(database, yaml)) {
      app.ask("open");
      app.ask("create");
      new Recovery(replica, folder).awaitSeq(app.ask("insert 3"));
      String pid = String.valueOf(app.pid());
      Command.Outcome outcome = doctor(Map.of(), pid, "-config", yaml.toString());

      assertThat(outcome.exitCode()).as(outcome.output()).isZero();
      assertThat(outcome.stdout())
          .contains("ok    agent of process " + pid + ": walsync ")
          .contains("ok    driver of process " + pid + ": sqlite-jdbc 3.")
          .contains("ok    replication of " + database + ": replicating, ")
          .contains("ok    database of " + database + ": WAL, ")
          .contains("ok    delete of " + replica.url() + ": may");
      app.ask("insert 3");
      app.ask("close");
      app.exit();
    }
    assertThat(folder.resolve("replica/walsync").toFile().list())
        .noneMatch(name -> name.startsWith("doctor-"));
  }

  @Test
  void theSupportFileHoldsNoSecretWhereverItWas() throws IOException {
    Map<String, String> planted = new HashMap<>();
    planted.put("AWS_SESSION_TOKEN", "planted-session-token");
    planted.put("HTTPS_PROXY", "http://someone:planted-proxy-password@127.0.0.1:1");
    planted.put("BACKUP_SECRET", "planted-by-variable");
    planted.put("MY_KEY", "planted-under-another-name");
    Files.writeString(
        config,
        """
        # planted-in-a-comment
        secret-acces-kei-of-mine: planted-in-an-unknown-key
        exec: app --password planted-in-a-command
        dbs:
          - path: %s
            replica:
              url: s3://PLANTEDUSER:planted-in-the-url@doctor/app?endpoint=%s
              access-key-id: planted-access-key
              secret-access-key: >-
                planted-in-a-block
          - path: %s
            replica:
              url: s3://doctor/other
              access-key-id: ${MY_KEY}
              secret-access-key: ${BACKUP_SECRET}
              endpoint: %s
        """
            .formatted(database, store.endpoint(), database + "2", store.endpoint()));
    Path bundle = folder.resolve("support.zip");
    Command.Outcome outcome =
        doctor(planted, "-config", config.toString(), "-bundle", bundle.toString());

    assertThat(outcome.exitCode()).as(outcome.output()).isEqualTo(1);
    Map<String, String> texts = texts(bundle);
    assertThat(texts)
        .containsOnlyKeys("doctor.txt", "doctor.json", "versions.txt", "configuration.yml");
    assertThat(texts.get("configuration.yml"))
        .contains("path: \"" + database + "\"", "url: \"s3://doctor/app\"")
        .contains("secret-access-key: ***");
    assertThat(texts.values())
        .noneMatch(text -> text.toLowerCase(java.util.Locale.ROOT).contains("planted"));
    assertThat(new String(Files.readAllBytes(bundle), UTF_8)).doesNotContainIgnoringCase("planted");
    assertThat(doctor(planted, "-config", config.toString(), "-bundle", bundle.toString()))
        .extracting(Command.Outcome::exitCode)
        .isEqualTo(2);
  }

  private static Map<String, String> texts(Path zip) throws IOException {
    Map<String, String> texts = new HashMap<>();
    try (ZipFile file = new ZipFile(zip.toFile())) {
      for (ZipEntry entry : file.stream().toList()) {
        texts.put(entry.getName(), new String(file.getInputStream(entry).readAllBytes(), UTF_8));
      }
    }
    return texts;
  }

  private void makeDatabase() {
    try (ForkedJvm app = Application.plain(database)) {
      app.ask("open journal_mode=WAL");
      app.ask("create");
      app.ask("close");
      app.exit();
    }
  }

  private static Command.Outcome doctor(Map<String, String> extra, String... words) {
    Map<String, String> environment = new HashMap<>(store.credentials());
    environment.put("WALSYNC_ENDPOINT", store.endpoint().toString());
    environment.putAll(extra);
    String[] all = new String[words.length + 1];
    all[0] = "doctor";
    System.arraycopy(words, 0, all, 1, words.length);
    return RestoreCommand.cli(environment, all);
  }

  /** Keeps what it is given last, whatever the conditions. */
  private static final class ForgetfulStore implements StubServer.Answers {

    private static final String ETAG = "ETag: \"5f\"";
    private static final String EMPTY_LIST =
        "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>";

    private final Map<String, byte[]> objects = new ConcurrentHashMap<>();

    @Override
    public String answer(S3Request request, byte[] body) {
      switch (request.method()) {
        case "PUT":
          objects.put(request.target(), body);
          return StubServer.answer(200, "", ETAG);
        case "GET":
          if (request.target().contains("list-type")) {
            return StubServer.answer(200, EMPTY_LIST);
          }
          byte[] object = objects.get(request.target());
          return object == null
              ? StubServer.answer(404, "<Error><Code>NoSuchKey</Code></Error>")
              : StubServer.answer(200, new String(object, UTF_8), ETAG);
        default:
          objects.remove(request.target());
          return "HTTP/1.1 204 No Content\r\n\r\n";
      }
    }
  }
}
