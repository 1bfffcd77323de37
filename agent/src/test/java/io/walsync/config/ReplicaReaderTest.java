package io.walsync.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walsync.replica.s3.S3Encryption;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplicaReaderTest {

  private static final String SSE_KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

  private static final S3Encryption CUSTOMER_KEY =
      S3Encryption.customerKey(Base64.getDecoder().decode(SSE_KEY));

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "s3://b/p, b, p, us-east-1, -, false",
        "S3://b/p, b, p, us-east-1, -, false",
        "s3://b/a/b/, b, a/b, us-east-1, -, false",
        "s3://b//a//b, b, a/b, us-east-1, -, false",
        "s3://b/a%20b/ä, b, a b/ä, us-east-1, -, false",
        "s3://b/a b, b, a b, us-east-1, -, false",
        "s3://my_bucket/p, my_bucket, p, us-east-1, -, false",
        "s3://my.bucket/p, my.bucket, p, us-east-1, -, false",
        "s3://b/p?region=eu-west-1, b, p, eu-west-1, -, false",
        "s3://b/p?endpoint=s3.example.com, b, p, us-east-1, https://s3.example.com, true",
        "s3://b/p?endpoint=http://h:9000/, b, p, us-east-1, http://h:9000, true",
        "s3://b/p?endpoint=localhost:9000, b, p, us-east-1, http://localhost:9000, true",
        "s3://b/p?endpoint=10.0.0.1:9000, b, p, us-east-1, http://10.0.0.1:9000, true",
        "s3://b/p?endpoint=172.20.0.1:9, b, p, us-east-1, http://172.20.0.1:9, true",
        "s3://b/p?endpoint=172.99.0.1, b, p, us-east-1, https://172.99.0.1, true",
        "s3://b/p?endpoint=h.com&forcePathStyle=false, b, p, us-east-1, https://h.com, false",
        "s3://b/p?endpoint=h.com&force-path-style=0, b, p, us-east-1, https://h.com, false",
        "s3://b/p?endpoint=h.com&force-path-style=x, -, -, -, -, false",
        "s3://b/p?endpoint=h.com&force-path-style=no, b, p, us-east-1, https://h.com, false",
        "s3://b/p?forcePathStyle=true, b, p, us-east-1, -, true",
        "s3://b/p?endpoint=, b, p, us-east-1, -, false",
        "s3://b.minio:9000/p, b, p, us-east-1, http://minio:9000, true",
        "s3://b.10.1.2.3:9000/p, b, p, us-east-1, http://10.1.2.3:9000, true",
        "s3://arn:aws:s3:eu-west-1:1:accesspoint/x/p/q,"
            + " arn:aws:s3:eu-west-1:1:accesspoint/x, p/q, eu-west-1, -, false",
        "s3://b.s3.amazonaws.com/p, b, p, us-east-1, -, false",
        "s3://b.s3.eu-west-1.amazonaws.com/p, b, p, eu-west-1, -, false",
        "s3://b.nyc3.digitaloceanspaces.com/p, b, p, nyc3, https://nyc3.digitaloceanspaces.com,"
            + " false",
        "s3://b.s3.us-west-1.backblazeb2.com/p, b, p, us-west-1,"
            + " https://s3.us-west-1.backblazeb2.com, true",
        "s3://b.s3.filebase.com/p, b, p, us-east-1, https://s3.filebase.com, true",
        "s3://b.s3.fr-par.scw.cloud/p, b, p, fr-par, https://s3.fr-par.scw.cloud, false",
      })
  void anS3UrlSaysWhereAndHow(
      String url, String bucket, String path, String region, String endpoint, boolean isPathStyle)
      throws Exception {
    if (bucket == null) {
      assertThatThrownBy(() -> ConfigLoader.replica(url, Map.of()))
          .hasMessage("url?force-path-style: must be true or false, not \"x\"");
      return;
    }
    ReplicaConfig replica = ConfigLoader.replica(url, Map.of());

    assertThat(replica.type()).isEqualTo(ReplicaType.S3);
    assertThat(replica.s3().bucket()).isEqualTo(bucket);
    assertThat(replica.path()).isEqualTo(path);
    assertThat(replica.s3().region()).isEqualTo(region);
    assertThat(replica.s3().endpoint()).isEqualTo(endpoint == null ? null : URI.create(endpoint));
    assertThat(replica.s3().forcePathStyle()).isEqualTo(isPathStyle);
    assertThat(replica.url()).isEqualTo("s3://" + bucket + "/" + path);
  }

  @Test
  void everyParameterOfAUrlIsUnderstoodInBothSpellings() throws Exception {
    ReplicaConfig camel =
        ConfigLoader.replica(
            "s3://b/p?skipVerify=true&storageClass=X&partSize=6291456&concurrency=3"
                + "&signPayload=true&signAcceptEncoding=false&requireContentMD5=false"
                + "&putObjectContentMD5=true",
            Map.of());
    ReplicaConfig hyphen =
        ConfigLoader.replica(
            "s3://b/p?skip-verify=true&storage-class=X&part-size=6MiB&concurrency=3"
                + "&sign-payload=true&sign-accept-encoding=false&require-content-md5=false"
                + "&put-object-content-md5=true",
            Map.of());

    for (ReplicaConfig replica : new ReplicaConfig[] {camel, hyphen}) {
      assertThat(replica.s3().skipVerify()).isTrue();
      assertThat(replica.s3().storageClass()).isEqualTo("X");
      assertThat(replica.s3().partSizeBytes()).isEqualTo(6L << 20);
      assertThat(replica.s3().partConcurrency()).isEqualTo(3);
    }
  }

  @Test
  void keysWinOverTheUrlAndTheReplicaOverTheTop() throws Exception {
    ReplicaConfig replica =
        read(
            """
            region: top
            storage-class: TOP
            concurrency: 7
            dbs:
              - path: /a.db
                replica:
                  url: s3://b/p?region=url&endpoint=url.example.com&storageClass=URL&partSize=7MiB
                  region: own
                  endpoint: own.example.com
            """,
            Map.of("LITESTREAM_S3_ENDPOINT", "env.example.com"));

    assertThat(replica.s3().region()).isEqualTo("own");
    assertThat(replica.s3().endpoint()).hasToString("https://own.example.com");
    assertThat(replica.s3().storageClass()).isEqualTo("TOP");
    assertThat(replica.s3().partConcurrency()).isEqualTo(7);
    assertThat(replica.s3().partSizeBytes()).isEqualTo(7L << 20);
  }

  @Test
  void anEndpointInAKeyIsHttpsEvenIfLocal() throws Exception {
    assertThat(s3("endpoint: localhost:9000").s3().endpoint())
        .hasToString("https://localhost:9000");
    assertThat(s3("endpoint: http://localhost:9000").s3().endpoint())
        .hasToString("http://localhost:9000");
  }

  @Test
  void anEndpointMayHaveAPath() throws Exception {
    String endpoint = "https://ref.supabase.co/storage/v1/s3";
    assertThat(s3("endpoint: " + endpoint).s3().endpoint()).hasToString(endpoint);
    assertThat(s3("endpoint: " + endpoint).s3().forcePathStyle()).isTrue();
    assertThat(s3("endpoint: " + endpoint + "/").s3().endpoint()).hasToString(endpoint);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "h:port",
        "h:123456",
        "h/p q",
        "h?x",
        "a b",
        "http://",
        "http:///x",
        "[::1",
        ":9000"
      })
  void anAddressThatIsNoneIsRejected(String endpoint) {
    assertThatThrownBy(() -> s3("endpoint: '" + endpoint + "'"))
        .hasMessageEndingWith(
            "endpoint: must be a host, or http:// or https:// and a host, with at most a path after it");
  }

  @Test
  void anIpv6AddressIsAHost() throws Exception {
    assertThat(s3("endpoint: http://[::1]:9000").s3().endpoint()).hasToString("http://[::1]:9000");
    assertThat(ConfigLoader.replica("s3://b/p?endpoint=[::1]:9000", Map.of()).s3().endpoint())
        .hasToString("http://[::1]:9000");
  }

  @Test
  void anEndpointMayComeFromTheEnvironment() throws Exception {
    Map<String, String> environment = Map.of("LITESTREAM_S3_ENDPOINT", "localhost:9000");
    ReplicaConfig replica = ConfigLoader.replica("s3://b/p", environment);

    assertThat(replica.s3().endpoint()).hasToString("http://localhost:9000");
    assertThat(replica.s3().forcePathStyle()).isTrue();
    assertThat(replica.s3().region()).isEqualTo("us-east-1");
    assertThatThrownBy(
            () -> ConfigLoader.replica("s3://b/p", Map.of("LITESTREAM_S3_ENDPOINT", "a?b")))
        .hasMessage(
            "LITESTREAM_S3_ENDPOINT must be a host, or http:// or https:// and a host, with"
                + " at most a path after it");
  }

  @Test
  void providersGetWhatTheyNeed() throws Exception {
    ReplicaConfig tigris = s3("endpoint: fly.storage.tigris.dev");
    assertThat(tigris.s3().partConcurrency()).isEqualTo(2);
    ReplicaConfig r2 = s3("endpoint: https://acc.r2.cloudflarestorage.com");
    assertThat(r2.s3().partConcurrency()).isEqualTo(2);
    assertThat(
            s3("endpoint: acc.r2.cloudflarestorage.com\n      concurrency: 9")
                .s3()
                .partConcurrency())
        .isEqualTo(9);
    assertThat(s3("endpoint: x.supabase.co\n      force-path-style: false").s3().forcePathStyle())
        .isFalse();
  }

  @Test
  void credentialsComeFromTheKeysThenTheEnvironment() throws Exception {
    Map<String, String> litestream =
        Map.of("LITESTREAM_ACCESS_KEY_ID", "lid", "LITESTREAM_SECRET_ACCESS_KEY", "lsecret");
    ReplicaConfig fromEnvironment = ConfigLoader.replica("s3://b/p", litestream);
    assertThat(fromEnvironment.s3().accessKeyId()).isEqualTo("lid");
    assertThat(fromEnvironment.s3().secretAccessKey()).isEqualTo("lsecret");

    ReplicaConfig fromKeys =
        read(
            """
            access-key-id: kid
            secret-access-key: ksecret
            dbs: [{path: /a.db, replica: {url: "s3://b/p"}}]
            """,
            litestream);
    assertThat(fromKeys.s3().accessKeyId()).isEqualTo("kid");
    assertThat(fromKeys.s3().secretAccessKey()).isEqualTo("ksecret");
  }

  @Test
  void awsVariablesAreLeftToTheClientWhichKnowsTheSessionToken() throws Exception {
    Map<String, String> both =
        Map.of(
            "AWS_ACCESS_KEY_ID", "aid",
            "AWS_SECRET_ACCESS_KEY", "asecret",
            "LITESTREAM_ACCESS_KEY_ID", "lid",
            "LITESTREAM_SECRET_ACCESS_KEY", "lsecret");
    assertThat(ConfigLoader.replica("s3://b/p", both).s3().accessKeyId()).isNull();
    Map<String, String> half = Map.of("LITESTREAM_ACCESS_KEY_ID", "lid");
    assertThat(ConfigLoader.replica("s3://b/p", half).s3().accessKeyId()).isNull();
    Map<String, String> mixed =
        Map.of("AWS_ACCESS_KEY_ID", "aid", "LITESTREAM_SECRET_ACCESS_KEY", "lsecret");
    assertThat(ConfigLoader.replica("s3://b/p", mixed).s3().accessKeyId()).isEqualTo("aid");
    assertThat(ConfigLoader.replica("s3://b/p", mixed).s3().secretAccessKey()).isEqualTo("lsecret");
  }

  @Test
  void theRegionOfAwsIsFoundWhereItsToolsFindIt() throws Exception {
    Map<String, String> both = Map.of("AWS_REGION", "one", "AWS_DEFAULT_REGION", "two");
    Map<String, String> fallback = Map.of("AWS_REGION", "", "AWS_DEFAULT_REGION", "two");

    assertThat(ConfigLoader.replica("s3://b/p", both).s3().region()).isEqualTo("one");
    assertThat(ConfigLoader.replica("s3://b/p", fallback).s3().region()).isEqualTo("two");
    assertThat(ConfigLoader.replica("s3://b/p?region=own", both).s3().region()).isEqualTo("own");
    assertThat(ConfigLoader.replica("s3://b/p?endpoint=h.com", both).s3().region())
        .isEqualTo("us-east-1");
  }

  @Test
  void anEncryptionKeyIsGivenOrReadFromAFile() throws Exception {
    assertThat(s3("sse-customer-key: " + SSE_KEY).s3().encryption()).isEqualTo(CUSTOMER_KEY);
    Path key = Files.writeString(folder.resolve("key"), SSE_KEY + "\n");
    assertThat(s3("sse-customer-key-path: " + key).s3().encryption()).isEqualTo(CUSTOMER_KEY);
    assertThat(
            s3("endpoint: http://127.0.0.1:9\n      sse-customer-algorithm: AES256"
                    + "\n      sse-customer-key: "
                    + SSE_KEY)
                .s3()
                .encryption())
        .isEqualTo(CUSTOMER_KEY);
  }

  @Test
  void aKeyFileThatIsTooLargeIsNoKey() throws Exception {
    Path key = Files.write(folder.resolve("key"), new byte[5000]);
    assertThatThrownBy(() -> s3("sse-customer-key-path: " + key))
        .hasMessageEndingWith("is too large to be a key: " + key);
  }

  @ParameterizedTest
  @CsvSource({
    "file:///backup/app, /backup/app",
    "file:///backup/../app/, /app",
    "/backup/app/, /backup/app",
    "FILE:///x, /x",
  })
  void aFileReplicaIsADirectory(String url, String path) throws Exception {
    ReplicaConfig replica = ConfigLoader.replica(url, Map.of());

    assertThat(replica.type()).isEqualTo(ReplicaType.FILE);
    assertThat(replica.path()).isEqualTo(path);
    assertThat(replica.url()).isEqualTo("file://" + path);
    assertThatThrownBy(replica::s3).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aRelativeDirectoryIsRelativeToTheWorkingDirectory() throws Exception {
    assertThat(ConfigLoader.replica("backup/app", Map.of()).path())
        .isEqualTo(Path.of("backup/app").toAbsolutePath().toString());
  }

  @Test
  void aTildeIsTheHome() throws Exception {
    assertThat(ConfigLoader.replica("~/backup", Map.of()).path())
        .isEqualTo(System.getProperty("user.home") + "/backup");
  }

  @Test
  void theTextOfAReplicaShowsNoSecret() throws Exception {
    ReplicaConfig replica =
        s3("endpoint: h.com\n      access-key-id: hunter1\n      secret-access-key: hunter2");

    assertThat(replica.toString())
        .isEqualTo("s3://b/p endpoint=https://h.com region=us-east-1 credentials=given");
    assertThat(s3("sse-customer-key: " + SSE_KEY).toString())
        .isEqualTo("s3://b/p region=us-east-1");
  }

  private ReplicaConfig s3(String lines) throws Exception {
    return read(
        "dbs:\n  - path: /a.db\n    replica:\n      url: s3://b/p\n      " + lines + "\n",
        Map.of());
  }

  @Test
  void encryptionWithKeysOfTheStoreOrTheAccountNeedsNoKeyId() throws Exception {
    String yaml =
        "dbs:\n  - path: /a.db\n    replica:\n      url: s3://b/p\n      server-side-encryption: ";

    assertThat(read(yaml + "AES256\n", Map.of()).s3().encryption())
        .isEqualTo(S3Encryption.storeManaged());
    assertThat(read(yaml + "aws:kms\n", Map.of()).s3().encryption())
        .isEqualTo(S3Encryption.kms(null));
    ReplicaConfig both = read(yaml + "aws:kms\n      sse-kms-key-id: k\n", Map.of());
    assertThat(both.s3().encryption()).isEqualTo(S3Encryption.kms("k"));
  }

  @Test
  void keysThatRepeatThoseOfTheEnvironmentAreTakenFromThereWithTheirToken() throws Exception {
    String yaml =
        "dbs:\n  - path: /a.db\n    replica:\n      url: s3://b/p\n"
            + "      access-key-id: $AWS_ACCESS_KEY_ID\n"
            + "      secret-access-key: $AWS_SECRET_ACCESS_KEY\n";
    Map<String, String> environment =
        Map.of(
            "AWS_ACCESS_KEY_ID", "aid",
            "AWS_SECRET_ACCESS_KEY", "asecret",
            "AWS_SESSION_TOKEN", "token");

    assertThat(read(yaml, environment).s3().accessKeyId()).isNull();
  }

  private ReplicaConfig read(String yaml, Map<String, String> environment) throws Exception {
    return ConfigFile.of(folder, yaml).load(environment).dbs().get(0).replica();
  }
}
