package io.walsync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.Owner;
import io.walsync.replica.OwnerObject;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.file.FileReplicaClient;
import io.walsync.teststore.ForwardingReplicaClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveOwnerTest {

  private static final long NOW = 1_800_000_000_000L;
  private static final long CLAIMED = NOW - 3_600_000;

  @TempDir Path processes;
  private Owner owner = Owner.NOBODY;

  @BeforeEach
  void nameTheHost() throws IOException {
    Files.createDirectories(processes.resolve("sys/kernel"));
    Files.writeString(processes.resolve("sys/kernel/hostname"), "web-1\n");
  }

  private void owned(String host, String pid) {
    owner = new Owner(3, "id", host, pid, CLAIMED);
  }

  private void runs(String pid, long sinceMillis) throws IOException {
    Path process = Files.createDirectories(processes.resolve(pid));
    Files.setLastModifiedTime(process, FileTime.fromMillis(sinceMillis));
  }

  private String owner(long newestAgeMillis) throws IOException {
    ReplicaClient client =
        new ForwardingReplicaClient(new FileReplicaClient(processes.toFile())) {
          @Override
          public OwnerObject owner() {
            return owner.equals(Owner.NOBODY) ? OwnerObject.NONE : new OwnerObject(owner, "tag");
          }

          @Override
          public long storeMillis() {
            return NO_TIME;
          }
        };
    LtxFileInfo newest = new LtxFileInfo(0, Txid.of(7), Txid.of(7), 100, NOW - newestAgeMillis);
    return new LiveOwner(processes, NOW).of(client, List.of(newest));
  }

  @Test
  void anOwnerOnThisMachineIsLiveAsLongAsItsProcessIs() throws IOException {
    owned("web-1", "4711");
    assertThat(owner(0)).as("gone, however new its files are").isNull();
    runs("4711", CLAIMED - 5_000);
    assertThat(owner(LiveOwner.QUIET_MILLIS * 100))
        .isEqualTo("process 4711 on web-1 (epoch 3) replicates to it");
  }

  @Test
  void aProcessThatWasGivenItsNumberLaterIsAnother() throws IOException {
    owned("web-1", "4711");
    runs("4711", CLAIMED + 600_000);
    assertThat(owner(0)).isNull();
  }

  @Test
  void anOwnerElsewhereIsLiveAsLongAsItUploads() throws IOException {
    owned("web-2", "4711");
    runs("4711", CLAIMED - 5_000);
    assertThat(owner(90_000))
        .isEqualTo(
            "process 4711 on web-2 (epoch 3) may replicate to it: its newest file is 90 s old");
    assertThat(owner(LiveOwner.QUIET_MILLIS)).isNull();
  }

  @Test
  void withoutAnOwnerALitestreamMayWriteIt() throws IOException {
    assertThat(owner(5_000)).startsWith("somebody may replicate to it");
    assertThat(owner(LiveOwner.QUIET_MILLIS)).isNull();
  }
}
