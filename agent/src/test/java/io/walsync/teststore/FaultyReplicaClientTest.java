package io.walsync.teststore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.ReplicaException;
import io.walsync.replica.Sha256;
import io.walsync.replica.file.FileReplicaClient;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaultyReplicaClientTest {

  @TempDir Path folder;

  @Test
  void theNthCallFailsBeforeOrAfterItsEffectAndOthersGoThrough() throws IOException {
    FaultyReplicaClient client = new FaultyReplicaClient(new FileReplicaClient(folder.toFile()));
    client.init();

    client.failCall(2, FaultyReplicaClient.Moment.BEFORE);
    write(client, 1);
    assertThatThrownBy(() -> write(client, 2)).isInstanceOf(ReplicaException.class);
    assertThat(client.list(0, Txid.FIRST, false)).hasSize(1);
    assertThat(client.callCount()).isEqualTo(3);

    client.failCall(1, FaultyReplicaClient.Moment.AFTER);
    assertThatThrownBy(() -> write(client, 2)).isInstanceOf(ReplicaException.class);
    assertThat(client.list(0, Txid.FIRST, false)).hasSize(2);

    client.setDown(true);
    assertThatThrownBy(client::init).isInstanceOf(ReplicaException.class);
    client.setDown(false);
    client.init();
  }

  private static void write(FaultyReplicaClient client, long txid) throws IOException {
    byte[] content = {(byte) txid};
    LtxFileInfo file = new LtxFileInfo(0, Txid.of(txid), Txid.of(txid), 1, 0);
    client.write(file, new BytesSource(content), Sha256.hexOf(content));
  }
}
