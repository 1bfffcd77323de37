package io.walsync.replica.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.RecordedSha256;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.ReplicaClientContract;
import io.walsync.replica.ReplicaException;
import io.walsync.replica.Sha256;
import io.walsync.teststore.EmbeddedS3;
import io.walsync.teststore.Fault;
import io.walsync.teststore.S3Operation;
import io.walsync.teststore.S3Request;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

class S3ReplicaClientTest extends ReplicaClientContract {

  private static EmbeddedS3 s3;

  private S3Settings settings;

  @BeforeAll
  static void start() {
    s3 = EmbeddedS3.inMemory().createBucket(S3Bucket.EMBEDDED_BUCKET);
  }

  @AfterAll
  static void stop() {
    s3.close();
  }

  @BeforeEach
  void reset() {
    s3.faults().clear();
    s3.requests().reset();
  }

  @Override
  protected ReplicaClient newClient() {
    if (settings == null) {
      settings = S3Bucket.embedded(s3).build();
    }
    return new S3ReplicaClient(settings);
  }

  private String key(LtxFileInfo file) {
    return settings.path() + "/000" + file.level() + "/" + file.fileName();
  }

  @Test
  void keysAreThoseOfLitestream() throws IOException {
    write(0, 1, 1, bytes(10));
    write(9, 1, 255, bytes(10));

    assertThat(s3.keys(S3Bucket.EMBEDDED_BUCKET, settings.path()))
        .containsExactly(
            settings.path() + "/0000/0000000000000001-0000000000000001.ltx",
            settings.path() + "/0009/0000000000000001-00000000000000ff.ltx");
    assertThat(client.url()).isEqualTo("s3://walsync-test/" + settings.path());
  }

  @Test
  void theAwsClientReadsBackContentMetadataAndChecksum() throws IOException {
    byte[] content = bytes(5_000);
    LtxFileInfo file = write(0, 1, 1, content);

    try (S3Client aws =
        S3Client.builder()
            .endpointOverride(s3.endpoint())
            .region(Region.of(s3.region()))
            .forcePathStyle(true)
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(s3.accessKey(), s3.secretKey())))
            .build()) {
      ResponseBytes<GetObjectResponse> object =
          aws.getObjectAsBytes(
              r ->
                  r.bucket(S3Bucket.EMBEDDED_BUCKET)
                      .key(key(file))
                      .checksumMode(ChecksumMode.ENABLED));

      assertThat(object.asByteArray()).isEqualTo(content);
      assertThat(object.response().contentType()).isEqualTo("application/octet-stream");
      assertThat(object.response().metadata())
          .containsOnly(
              Map.entry("litestream-timestamp", "2026-09-21T14:13:20.123Z"),
              Map.entry("walsync-sha256", Sha256.hexOf(content)));
      assertThat(object.response().checksumSHA256())
          .isEqualTo(Base64.getEncoder().encodeToString(Sha256.fromHex(Sha256.hexOf(content))));
    }
  }

  @Test
  void aPutIsOnePlainConditionalSignedPiece() throws IOException {
    byte[] content = bytes(5_000);
    write(0, 1, 1, content);

    S3Request put = s3.requests().last(S3Operation.PUT_OBJECT);
    assertThat(put.header("if-none-match")).isEqualTo("*");
    assertThat(put.header("content-length")).isEqualTo("5000");
    assertThat(put.header("x-amz-content-sha256")).isEqualTo(Sha256.hexOf(content));
    assertThat(put.headers())
        .doesNotContainKeys(
            "transfer-encoding",
            "content-encoding",
            "x-amz-trailer",
            "x-amz-sdk-checksum-algorithm");
    assertThat(put.header("authorization"))
        .contains(
            "SignedHeaders=content-type;host;if-none-match;x-amz-checksum-sha256;"
                + "x-amz-content-sha256;x-amz-date;x-amz-meta-litestream-timestamp;"
                + "x-amz-meta-walsync-sha256,");
    assertThat(s3.requests().count(S3Operation.ANY)).isEqualTo(1);
  }

  @Test
  void aRunOfWritesUsesOneConnectionAndOneRequestEach() throws IOException {
    for (int txid = 1; txid <= 50; txid++) {
      write(0, txid, txid, bytes(100));
    }
    assertThat(s3.requests().count(S3Operation.PUT_OBJECT)).isEqualTo(50);
    assertThat(s3.requests().count(S3Operation.ANY)).isEqualTo(50);
    assertThat(s3.requests().connectionCount()).isLessThanOrEqualTo(1);
  }

  @Test
  void aWriteSurvivesConnectionsDroppedWhileIdle() throws IOException {
    write(0, 1, 1, bytes(100));
    s3.front().dropConnections();

    LtxFileInfo second = write(0, 2, 2, bytes(100));

    assertThat(client.list(0, Txid.of(2), true)).containsExactly(second);
  }

  @Test
  void anAnswerThatGotLostIsSuccessOnTheNextTry() throws IOException {
    byte[] content = bytes(100);
    s3.faults().nth(S3Operation.PUT_OBJECT, 1, Fault.loseAnswer());
    s3.faults().nth(S3Operation.PUT_OBJECT, 1, Fault.loseAnswer());

    assertThatThrownBy(() -> write(0, 1, 1, content))
        .isInstanceOfSatisfying(ReplicaException.class, e -> assertThat(e.isPermanent()).isFalse());
    LtxFileInfo file = write(0, 1, 1, content);

    assertThat(client.list(0, Txid.FIRST, true)).containsExactly(file);
  }

  @Test
  void aReadBringsTheRecordedSha256WithoutARequestOfItsOwn() throws IOException {
    byte[] content = bytes(100);
    LtxFileInfo file = write(0, 1, 1, content);
    s3.requests().reset();

    try (InputStream in = client.open(file, 0, 5)) {
      assertThat(in).isInstanceOf(RecordedSha256.class);
      assertThat(((RecordedSha256) in).recordedSha256()).isEqualTo(Sha256.hexOf(content));
    }

    assertThat(s3.requests().count(S3Operation.ANY)).isEqualTo(1);
  }

  @Test
  void aFileWithoutOurMetadataIsComparedByItsContent() throws IOException {
    byte[] content = bytes(100);
    LtxFileInfo file = info(0, 1, 1, 100);
    s3.put(S3Bucket.EMBEDDED_BUCKET, key(file), content);

    write(0, 1, 1, content);

    byte[] other = content.clone();
    other[0] ^= 1;
    assertThatThrownBy(() -> write(0, 1, 1, other))
        .hasMessageContaining("another writer uses this replica");
    assertThat(client.recordedSha256(file)).isNull();
  }

  @Test
  void exactTimesComeFromMetadataOrElseFromTheLtxHeaderItself() throws IOException {
    byte[] header = ByteBuffer.allocate(100).putLong(32, 1_700_000_000_001L).array();
    LtxFileInfo withTime = info(0, 1, 1, 100);
    LtxFileInfo withoutTime = info(0, 2, 2, 100);
    s3.put(
        S3Bucket.EMBEDDED_BUCKET,
        key(withTime),
        header,
        Map.of("litestream-timestamp", "2026-11-22T13:53:08.621Z"));
    s3.put(S3Bucket.EMBEDDED_BUCKET, key(withoutTime), header);

    assertThat(client.list(0, Txid.FIRST, true))
        .extracting(LtxFileInfo::createdMillis)
        .containsExactly(1_795_355_588_621L, 1_700_000_000_001L);
    s3.requests().reset();
    assertThat(client.list(0, Txid.FIRST, false))
        .extracting(LtxFileInfo::createdMillis)
        .doesNotContain(1_795_355_588_621L, 1_700_000_000_001L);
    assertThat(s3.requests().count(S3Operation.HEAD_OBJECT)).isZero();
  }

  @Test
  void manyFilesAreListedPageByPageAndFromTheSeekOn() throws IOException {
    List<LtxFileInfo> files = new ArrayList<>();
    for (int txid = 1; txid <= 2_500; txid++) {
      LtxFileInfo file = info(0, txid, txid, 1);
      s3.put(S3Bucket.EMBEDDED_BUCKET, key(file), new byte[1]);
      files.add(file);
    }
    s3.requests().reset();

    assertThat(client.list(0, Txid.FIRST, false))
        .extracting(LtxFileInfo::minTxid)
        .containsExactlyElementsOf(files.stream().map(LtxFileInfo::minTxid).toList());
    assertThat(s3.requests().count(S3Operation.LIST_OBJECTS)).isEqualTo(3);
    s3.requests().reset();
    assertThat(client.list(0, Txid.of(2_400), false)).hasSize(101);
    assertThat(s3.requests().count(S3Operation.LIST_OBJECTS)).isEqualTo(1);

    client.delete(files);
    assertThat(client.list(0, Txid.FIRST, false)).isEmpty();
    assertThat(s3.requests().count(S3Operation.DELETE_OBJECTS)).isEqualTo(3);
  }

  @Test
  void whatIsNotAnLtxFileIsSkipped() throws IOException {
    String prefix = settings.path() + "/0000/";
    for (String name :
        List.of("readme", "0000000000000001-0000000000000001.ltx.tmp", "sub/", "a&<b>.ltx")) {
      s3.put(S3Bucket.EMBEDDED_BUCKET, prefix + name, bytes(3));
    }
    s3.put(
        S3Bucket.EMBEDDED_BUCKET, prefix + "sub/0000000000000001-0000000000000001.ltx", bytes(3));
    LtxFileInfo file = write(0, 1, 1, bytes(10));

    assertThat(client.list(0, Txid.FIRST, true)).containsExactly(file);
  }

  @Test
  void theProbeFindsConditionalWritesAndLeavesOneObjectHoweverOftenItIsMade() throws IOException {
    S3ReplicaClient s3Client = (S3ReplicaClient) client;
    assertThat(s3Client.probeConditions()).isEqualTo(S3Fencing.ATOMIC);
    assertThat(s3.requests().count(S3Operation.PUT_OBJECT))
        .as("two to create it, two to replace it, a race of four, what was found")
        .isEqualTo(9);

    assertThat(s3Client.probeConditions()).isEqualTo(S3Fencing.ATOMIC);

    assertThat(s3.requests().count(S3Operation.PUT_OBJECT)).as("of a day").isEqualTo(10);
    assertThat(s3.requests().count(S3Operation.DELETE_OBJECT)).isZero();
    assertThat(s3.keys(S3Bucket.EMBEDDED_BUCKET, settings.path()))
        .containsExactly(settings.path() + "/walsync-probe");
    write(0, 1, 1, bytes(10));
    assertThat(s3.requests().count(S3Operation.HEAD_OBJECT)).isZero();
  }

  @Test
  void theProbeIsEncryptedLikeEveryObjectOfTheReplica() throws IOException {
    S3Settings special = settings.toBuilder().encryption(S3Encryption.storeManaged()).build();
    try (S3ReplicaClient other = new S3ReplicaClient(special)) {
      assertThat(other.probeConditions()).isEqualTo(S3Fencing.ATOMIC);
    }
    assertThat(s3.requests().all(S3Operation.PUT_OBJECT))
        .extracting(r -> r.header("x-amz-server-side-encryption"))
        .containsOnly("AES256");
  }

  @Test
  void replicasOfOneBucketShareConnectionsAndCloseThemTogether() throws IOException {
    S3ReplicaClient first = new S3ReplicaClient(settings);
    S3ReplicaClient second = first.withPath("shared/second");
    s3.requests().reset();

    first.init();
    second.init();
    assertThat(second.url()).isEqualTo("s3://walsync-test/shared/second");
    assertThat(s3.requests().connectionCount()).isEqualTo(1);
    first.close();
    first.close();
    second.init();
    second.close();

    assertThatThrownBy(second::init).hasMessageContaining("closed");
    try (S3ReplicaClient third = first.withPath("shared/third")) {
      third.init();
    }
  }

  @Test
  void storageClassAndEncryptionAreAskedFor() throws IOException {
    S3Settings special =
        settings.toBuilder()
            .storageClass("STANDARD")
            .encryption(S3Encryption.storeManaged())
            .build();
    try (S3ReplicaClient other = new S3ReplicaClient(special)) {
      byte[] content = bytes(10);
      other.write(
          info(0, 1, 1, 10), new io.walsync.teststore.BytesSource(content), Sha256.hexOf(content));
    }
    S3Request put = s3.requests().last(S3Operation.PUT_OBJECT);
    assertThat(put.header("x-amz-storage-class")).isEqualTo("STANDARD");
    assertThat(put.header("x-amz-server-side-encryption")).isEqualTo("AES256");
  }

  @Test
  void aCustomerKeyIsNeededToRead() throws IOException {
    byte[] content = bytes(10);
    LtxFileInfo file = info(0, 1, 1, 10);
    S3Settings special =
        settings.toBuilder().encryption(S3Encryption.customerKey(bytes(32))).build();
    try (S3ReplicaClient other = new S3ReplicaClient(special)) {
      other.write(file, new io.walsync.teststore.BytesSource(content), Sha256.hexOf(content));
      assertThat(other.open(file, 0, Long.MAX_VALUE).readAllBytes()).isEqualTo(content);
      assertThat(other.recordedSha256(file)).isEqualTo(Sha256.hexOf(content));
    }
    assertThatThrownBy(() -> read(file, 0, Long.MAX_VALUE)).isInstanceOf(ReplicaException.class);
  }
}
