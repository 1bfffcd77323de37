package io.walsync.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walsync.ltx.Txid;
import io.walsync.replica.file.FileReplicaClient;
import io.walsync.teststore.ForwardingReplicaClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CountedReplicaTest {

  private static final LtxFileInfo MISSING =
      new LtxFileInfo(0, Txid.of(2), Txid.of(2), 200, 1_700_000_000_000L);

  @TempDir Path folder;

  @Test
  void whatTheStoreWasAskedIsCountedByOperationAndAnswer() throws Exception {
    CountedReplica replica = new CountedReplica(this::client);
    ReplicaClient client = replica.get();
    client.init();
    client.list(0, Txid.FIRST, false);
    client.list(1, Txid.FIRST, false);
    assertThatThrownBy(() -> client.open(MISSING, 0, 10))
        .isInstanceOf(LtxFileMissingException.class);
    assertThat(counts(replica)).containsExactly("connect ok 1", "list ok 2", "read missing 1");
  }

  @Test
  void aConflictIsCountedAsOne() {
    CountedReplica replica =
        new CountedReplica(
            () ->
                new ForwardingReplicaClient(client()) {
                  @Override
                  public void write(LtxFileInfo file, LtxSource content, String sha256Hex)
                      throws IOException {
                    throw new LtxFileConflictException("another file");
                  }
                });
    assertThatThrownBy(() -> replica.get().write(MISSING, null, ""))
        .isInstanceOf(IOException.class);
    assertThat(counts(replica)).containsExactly("write conflict 1");
  }

  @Test
  void aStoreThatCannotBeReachedIsCountedToo() {
    CountedReplica replica =
        new CountedReplica(
            () -> {
              throw new UncheckedIOException(new ReplicaException("no route", false));
            });
    assertThatThrownBy(replica::get).isInstanceOf(UncheckedIOException.class);
    assertThat(counts(replica)).containsExactly("connect failed 1");
  }

  /** A default method that is not passed on would do something else than the real client. */
  @Test
  void everyCallIsPassedOn() throws Exception {
    for (Method method : ReplicaClient.class.getMethods()) {
      assertThat(CountedClient.class.getMethod(method.getName(), method.getParameterTypes()))
          .extracting(Method::getDeclaringClass)
          .isEqualTo(CountedClient.class);
    }
  }

  @Test
  void oneClientIsWrappedOnce() {
    FileReplicaClient client = client();
    CountedReplica replica = new CountedReplica(() -> client);
    assertThat(replica.get()).isSameAs(replica.get());
  }

  private FileReplicaClient client() {
    return new FileReplicaClient(folder.toFile());
  }

  private static List<String> counts(CountedReplica replica) {
    return replica.counts().all().stream().map(Object::toString).toList();
  }
}
