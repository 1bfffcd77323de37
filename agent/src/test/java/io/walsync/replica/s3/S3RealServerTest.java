package io.walsync.replica.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.ReplicaClientContract;
import io.walsync.replica.Sha256;
import io.walsync.teststore.BytesSource;
import java.io.IOException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The contract against a real server, if one is named; see {@link S3Bucket}. */
class S3RealServerTest extends ReplicaClientContract {

  private S3Settings settings;

  @BeforeAll
  static void needsAServer() {
    assumeTrue(
        S3Bucket.isRealNamed(),
        "no real S3 server named by -Ds3.endpoint= -Ds3.access-key= -Ds3.secret-key= -Ds3.bucket=");
  }

  @Override
  protected ReplicaClient newClient() {
    if (settings == null) {
      settings = S3Bucket.real().partSizeBytes(S3Settings.MIN_PART_SIZE_BYTES).build();
    }
    return new S3ReplicaClient(settings);
  }

  @Test
  void conditionalWritesAreHonoured() throws IOException {
    assertThat(((S3ReplicaClient) client).probeConditions()).isEqualTo(S3Fencing.ATOMIC);
  }

  @Test
  void anObjectInPartsReadsBackAndIsFenced() throws IOException {
    byte[] content = bytes(12 * 1024 * 1024 + 1);
    LtxFileInfo file = write(9, 1, 7, content);

    write(9, 1, 7, content);

    assertThat(read(file, 0, Long.MAX_VALUE)).isEqualTo(content);
    assertThat(client.recordedSha256(file)).isEqualTo(Sha256.hexOf(content));
    assertThat(client.list(9, file.minTxid(), true)).containsExactly(file);
  }

  @Test
  void aThousandAndOneFilesAreListedAndDeleted() throws IOException {
    java.util.List<LtxFileInfo> files = new java.util.ArrayList<>();
    for (int txid = 1; txid <= 1001; txid++) {
      byte[] content = bytes(1);
      LtxFileInfo file = info(0, txid, txid, 1);
      client.write(file, new BytesSource(content), Sha256.hexOf(content));
      files.add(file);
    }

    assertThat(client.list(0, files.get(0).minTxid(), true)).containsExactlyElementsOf(files);
    client.delete(files);
    assertThat(client.list(0, files.get(0).minTxid(), false)).isEmpty();
  }
}
