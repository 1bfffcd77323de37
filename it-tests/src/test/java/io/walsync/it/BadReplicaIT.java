package io.walsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.it.harness.Application;
import io.walsync.it.harness.DirectoryReplica;
import io.walsync.it.harness.ForkedJvm;
import io.walsync.it.harness.LtxObject;
import io.walsync.it.harness.Recovery;
import io.walsync.it.harness.RestoreCommand;
import io.walsync.testkit.AgentYaml;
import io.walsync.testkit.Command;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A damaged replica is refused with one clear error; it never becomes a damaged database. */
final class BadReplicaIT {

  /** Exit codes, as the command documents them. */
  private static final int NO_BACKUP = 3;

  private static final int UNKNOWN = 4;
  private static final int DAMAGED = 5;
  private static final int OUTPUT_REFUSED = 6;
  private static final int NO_SUCH_STATE = 7;

  @TempDir static Path shared;
  private static DirectoryReplica whole;

  @TempDir Path folder;
  private DirectoryReplica replica;
  private Path output;

  /** Which file of the replica a test damages. */
  enum Victim {
    SNAPSHOT,
    NEWEST_L0,
    MIDDLE_L0;

    LtxObject in(DirectoryReplica replica) {
      List<LtxObject> l0 = replica.level(0);
      return switch (this) {
        case SNAPSHOT -> replica.level(9).get(0);
        case NEWEST_L0 -> l0.get(l0.size() - 1);
        case MIDDLE_L0 -> l0.get(l0.size() / 2);
      };
    }
  }

  @BeforeAll
  static void makeReplica() {
    Path database = shared.resolve("app.db");
    whole = new DirectoryReplica(shared.resolve("replica"));
    Path config = AgentYaml.of(database, whole).writeTo(shared.resolve("walsync.yml"));
    Recovery recovery = new Recovery(whole, shared);
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      app.ask("create");
      recovery.awaitFirst();
      for (int round = 0; round < 5; round++) {
        recovery.awaitSeq(app.ask("insert 10 3000"));
      }
      app.ask("close");
      app.exit();
    }
  }

  @BeforeEach
  void copy() {
    replica = whole.copyTo(folder.resolve("replica"));
    output = folder.resolve("restored.db");
  }

  @ParameterizedTest
  @EnumSource
  void aTruncatedFileIsRefused(Victim victim) throws IOException {
    LtxObject file = victim.in(replica);
    byte[] content = replica.read(file);
    replica.write(file, Arrays.copyOf(content, content.length - 7));
    refused(file);
  }

  @ParameterizedTest
  @EnumSource
  void anEmptyFileIsRefused(Victim victim) throws IOException {
    LtxObject file = victim.in(replica);
    replica.write(file, new byte[0]);
    refused(file);
  }

  @ParameterizedTest
  @EnumSource
  void aFlippedBitIsRefused(Victim victim) throws IOException {
    LtxObject file = victim.in(replica);
    byte[] content = replica.read(file);
    content[content.length / 2] ^= 0x10;
    replica.write(file, content);
    refused(file);
  }

  @Test
  void aMissingFileInTheMiddleIsRefused() throws IOException {
    LtxObject file = Victim.MIDDLE_L0.in(replica);
    replica.delete(file);
    refused(file);
  }

  @Test
  void aMissingSnapshotIsRefused() throws IOException {
    LtxObject file = Victim.SNAPSHOT.in(replica);
    replica.delete(file);
    Command.Outcome outcome = RestoreCommand.from(replica).to(output);
    failedCleanly(outcome, DAMAGED);
  }

  @Test
  void aFileUnderTheNameOfAnotherIsRefused() throws IOException {
    List<LtxObject> l0 = replica.level(0);
    LtxObject middle = Victim.MIDDLE_L0.in(replica);
    replica.write(middle, replica.read(l0.get(0)));
    refused(middle);
  }

  @Test
  void anEmptyReplicaIsNoBackup() throws IOException {
    DirectoryReplica empty = new DirectoryReplica(folder.resolve("empty"));
    failedCleanly(RestoreCommand.from(empty).to(output), NO_BACKUP);
  }

  @Test
  void aStoreThatDoesNotAnswerIsNotAnEmptyOne() throws IOException {
    URI nobody = URI.create("http://127.0.0.1:1");
    String url = "s3://bucket/path?endpoint=" + nobody + "&region=us-east-1";
    Map<String, String> credentials =
        Map.of("AWS_ACCESS_KEY_ID", "key", "AWS_SECRET_ACCESS_KEY", "secret");
    Command.Outcome outcome =
        RestoreCommand.cli(
            credentials, "restore", "-if-replica-exists", "-o", output.toString(), url);
    failedCleanly(outcome, UNKNOWN);
  }

  @Test
  void aTxidThatIsNotThereIsRefused() throws IOException {
    failedCleanly(RestoreCommand.from(replica).txid("00000000000fffff").to(output), NO_SUCH_STATE);
  }

  @Test
  void aDamagedFileThatThePlanDoesNotNeedDoesNoHarm() {
    List<LtxObject> l0 = replica.level(0);
    replica.write(l0.get(l0.size() - 1), new byte[7]);
    String before = l0.get(l0.size() - 2).maxTxidText();
    RestoreCommand.from(replica).txid(before).to(output).succeeded();
  }

  @Test
  void anExistingFileIsNeverOverwritten() throws IOException {
    Files.writeString(output, "precious");
    Command.Outcome outcome = RestoreCommand.from(replica).to(output);
    assertThat(outcome.exitCode()).isEqualTo(OUTPUT_REFUSED);
    assertThat(outcome.output()).contains(output.toString());
    assertThat(output).hasContent("precious");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-wal", "-shm", "-journal"})
  void aSideFileOfAnotherDatabaseIsNeverAdopted(String suffix) throws IOException {
    Files.writeString(folder.resolve("restored.db" + suffix), "stale");
    Command.Outcome outcome = RestoreCommand.from(replica).to(output);
    assertThat(outcome.exitCode()).isEqualTo(OUTPUT_REFUSED);
    assertThat(outcome.output()).contains("restored.db" + suffix);
    assertThat(output).doesNotExist();
  }

  private void refused(LtxObject file) throws IOException {
    Command.Outcome outcome = RestoreCommand.from(replica).to(output);
    failedCleanly(outcome, DAMAGED);
    assertThat(outcome.output()).as("names the file").contains(file.maxTxidText());
  }

  private void failedCleanly(Command.Outcome outcome, int exitCode) throws IOException {
    assertThat(outcome.exitCode()).as(outcome.output()).isEqualTo(exitCode);
    assertThat(outcome.output()).doesNotContain("\tat ").doesNotContain("Exception in thread");
    assertThat(outcome.stderr().lines().filter(line -> !line.isBlank()).count())
        .as("one clear error: %s", outcome.stderr())
        .isBetween(1L, 3L);
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .as("nothing half-restored is left")
          .noneMatch(name -> name.startsWith("restored") || name.endsWith(".tmp"));
    }
  }
}
