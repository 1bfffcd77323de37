package io.walsync.config;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Every key of the configuration file. Keys marked L are Litestream's and mean what they mean
 * there; keys marked W are Walsync's own. A key that looks like a misspelt key of its section is an
 * error. A key that does nothing here, is unknown, or is in the wrong section, is accepted with one
 * warning, since Litestream ignores it. A key without a value counts as absent.
 *
 * <p>Values: <i>duration</i> is Go's ({@code 500ms}, {@code 10s}, {@code 1m30s}; a bare {@code 0}
 * is allowed, any other number needs a unit); <i>size</i> is a number of bytes or has a unit
 * ({@code 5MiB} = 5 x 1024 x 1024, {@code 5MB} = 5 x 1000 x 1000); <i>boolean</i> is {@code true}
 * or {@code false} ({@code yes}, {@code no}, {@code on}, {@code off} too); <i>path</i> is absolute,
 * relative to the working directory of the JVM, or starts with {@code ~/}. {@code $NAME} and {@code
 * ${NAME}} in a value are replaced from the environment, {@code $PID} by the process id, {@code $$}
 * by a dollar sign. A number that Litestream accepts and that is out of range here is replaced by
 * the nearest allowed one, with a warning.
 *
 * <h2>Top level</h2>
 *
 * <ul>
 *   <li>{@code dbs} (L; list): the databases. The first entry that matches a database wins. Without
 *       any, nothing is replicated, with a warning.
 *   <li>{@code shutdown-timeout} (L; duration, default 8s, 0 to 1h): how long the JVM's exit waits
 *       until everything committed is in the replicas. Litestream's default is 30s; ours fits into
 *       the 10 s that {@code docker stop} grants.
 *   <li>{@code addr} (L; {@code 9090}, {@code :9090}, {@code host:9090}, default none): where
 *       metrics are served; without a host, on the loopback address. {@code litestream-metrics} (W;
 *       true or false, default false): under Litestream's names too.
 *   <li>{@code staging-max-total-bytes} (W; size, default 4GiB or the largest {@code
 *       staging-max-bytes}, 16MiB to 1TiB): the most that all databases together may keep on disk
 *       while stores are away; 16MiB are granted to each regardless.
 *   <li>{@code shutdown-sync-timeout} (L; duration, 0 to 1h): used as {@code shutdown-timeout}
 *       where that is absent.
 *   <li>{@code logging} (L): {@code level} ({@code trace}, {@code debug}, {@code info}, {@code
 *       warn}, {@code error}, {@code off}; default {@code info}; the environment's {@code
 *       LOG_LEVEL} is the application's and is not used); {@code stderr} (boolean, accepted);
 *       {@code type} and {@code source} do nothing, messages are plain text.
 *   <li>{@code journal-mode}, {@code page-encoding}, {@code checkpointer}, {@code behind}, {@code
 *       staging-max-bytes} (W), and every key of a replica but {@code type}, {@code name}, {@code
 *       path} and {@code url} (L): defaults for all databases.
 *   <li>{@code snapshot} (L): {@code interval} (duration, 1s to ten years, default 24h): age of the
 *       last snapshot at which the next is made, if {@code levels} are. {@code retention}
 *       (duration, default 24h): how far back states of every 30s stay restorable, where {@code
 *       retention.keep} is absent; nothing is deleted where both are.
 *   <li>{@code retention}: {@code enabled} (L; boolean, default true): whether files that no
 *       promise needs are deleted, or only counted. {@code keep} (W; a list of promises such as
 *       {@code 1h every commit}, {@code 24h every 30s}, {@code 7d every 1h}, {@code 1y every
 *       month}, or one text with commas between them): what stays restorable; without it {@code
 *       snapshot.retention}, every 30s.
 *   <li>{@code levels} (L; list of {@code interval}, each 1s or longer and longer than the one
 *       before, at most 8; default 30s, 5m, 1h): how much time a merged file of level 1, 2 and so
 *       on spans. An empty list: nothing is merged.
 *   <li>{@code verify-compaction} (L): accepted; each merge proves itself.
 *   <li>{@code l0-retention}, {@code l0-retention-check-interval}, {@code validation} ({@code
 *       interval}), {@code heartbeat-url}, {@code heartbeat-interval} (L): not available yet.
 *   <li>{@code exec}, {@code socket} ({@code enabled}, {@code path}, {@code permissions}), {@code
 *       mcp-addr}, {@code shutdown-sync-interval} (L): belong to the Litestream daemon.
 * </ul>
 *
 * <h2>An entry of {@code dbs}</h2>
 *
 * <ul>
 *   <li>{@code path} (L): one database file. {@code sqlite://} and {@code sqlite3://} prefixes are
 *       dropped. W: with {@code *} and {@code ?} (within a name) or {@code **} (any folders) it
 *       stands for many; each database's path below the fixed beginning is appended to the
 *       replica's path.
 *   <li>{@code dir} and {@code pattern} (L, instead of {@code path}): the databases in a directory
 *       whose names match ({@code *}, {@code ?}, {@code [a-z]}, {@code [^a-z]}, backslash quotes);
 *       each database's path below {@code dir} is appended to the replica's path.
 *   <li>{@code recursive} (L; boolean, default false): directories below {@code dir} too.
 *   <li>{@code watch} (L; boolean): accepted; a database is noticed when the application opens it.
 *   <li>{@code meta-path} (L; path, default {@code .<file name>-walsync} beside the database): the
 *       folder for staged files and state. For many databases it is the root of one such folder
 *       each.
 *   <li>{@code meta-dir} (L; path; many databases only): the root of one folder {@code <relative
 *       path>-walsync} for each.
 *   <li>{@code busy-timeout} (L; duration, default 1s, 0 to 1m): checked and not used: a statement
 *       of the agent's own connection never waits for a lock, it is tried again.
 *   <li>{@code min-checkpoint-page-count} (L; integer, default 1000, 1 to 1000000): checked and not
 *       used: the agent checkpoints as often as the WAL's growth asks for.
 *   <li>{@code journal-mode} (W; {@code wal} or {@code keep}, default {@code wal}): whether a
 *       database in another mode is switched to WAL (persistent) or left alone and not replicated.
 *   <li>{@code page-encoding} (W; {@code frame} or {@code block}, default {@code frame}): how pages
 *       are written. Every Litestream v0.5 reads {@code frame}; {@code block} is smaller and
 *       readable from v0.5.16 on.
 *   <li>{@code checkpointer} (W; {@code agent} or {@code application}, default {@code agent}):
 *       whether connections get {@code wal_autocheckpoint=0} while the agent checkpoints, or keep
 *       theirs.
 *   <li>{@code behind} (W; {@code continue} or {@code refuse}, default {@code continue}): whether a
 *       database from which a power cut took commits that the replica has is replicated on.
 *   <li>{@code staging-max-bytes} (W; size, default 1GiB, 16MiB to 1TiB): the most that may wait on
 *       disk while the store is away.
 *   <li>{@code snapshot} (L): as at the top level, which wins; two databases may not differ.
 *   <li>{@code restore-if-db-not-exists} (L; boolean, default false): whether a database that is
 *       missing is restored before the application opens it.
 *   <li>{@code replica} (L, required), or {@code replicas} with one element.
 *   <li>{@code monitor-interval}, {@code checkpoint-interval}, {@code truncate-page-n}, {@code
 *       max-sync-wal-bytes}, {@code max-checkpoint-page-count} (L): tune how Litestream polls and
 *       checkpoints; do nothing here.
 *   <li>{@code retention}, {@code retention-check-interval}, {@code snapshot-interval}, {@code
 *       validation-interval}, {@code shadow-retention-n}, {@code shadow-retention-count}
 *       (Litestream v0.3's): do nothing.
 * </ul>
 *
 * <h2>A replica</h2>
 *
 * <ul>
 *   <li>{@code url} (L): {@code s3://bucket/path}, {@code s3://bucket.host:port/path} (MinIO,
 *       http), {@code file:///path} or a plain path. An S3 URL takes {@code endpoint}, {@code
 *       region}, {@code forcePathStyle}, {@code skipVerify}, {@code storageClass}, {@code
 *       partSize}, {@code concurrency}, {@code signPayload}, {@code signAcceptEncoding}, {@code
 *       requireContentMD5}, {@code putObjectContentMD5} as query parameters, also spelled like the
 *       keys below; the keys win. Hosts of AWS, DigitalOcean, Backblaze, Filebase and Scaleway are
 *       understood.
 *   <li>{@code type} (L; {@code s3} or {@code file}, default {@code file} or what the URL says).
 *   <li>{@code path} (L): the directory of a file replica; the key prefix of an S3 replica. Slashes
 *       at its ends and double ones are part of the keys, as in Litestream, with a warning.
 *   <li>{@code bucket} (L; S3, required without a URL), {@code region} (L; default {@code
 *       us-east-1}; without an endpoint first {@code AWS_REGION}, then {@code AWS_DEFAULT_REGION}).
 *   <li>{@code endpoint} (L; host or URL; {@code https} without a scheme; in a URL and in {@code
 *       LITESTREAM_S3_ENDPOINT}, which is used when there is no endpoint, {@code http} for local
 *       addresses).
 *   <li>{@code access-key-id}, {@code secret-access-key} (L; both or none; default {@code
 *       AWS_ACCESS_KEY_ID} and {@code AWS_SECRET_ACCESS_KEY}, then {@code LITESTREAM_ACCESS_KEY_ID}
 *       and {@code LITESTREAM_SECRET_ACCESS_KEY}, then AWS's other sources).
 *   <li>{@code force-path-style} (L; boolean, default true with an endpoint, else false).
 *   <li>{@code skip-verify} (L; boolean, default false): accept any TLS certificate.
 *   <li>{@code storage-class} (L; default the bucket's).
 *   <li>{@code part-size} (L; size, default 16MiB, 5MiB to 5GiB) and {@code concurrency} (L;
 *       integer, default 4, 2 for Tigris and Cloudflare R2, 1 to 16): of multipart uploads.
 *   <li>{@code sse-customer-key} or {@code sse-customer-key-path} (L; 32 bytes in base64), {@code
 *       sse-customer-algorithm} (L; {@code AES256}); or {@code sse-kms-key-id} (L); or {@code
 *       server-side-encryption} (W; {@code AES256} or {@code aws:kms}): encryption at rest. Not in
 *       a URL, where Litestream would drop them silently.
 *   <li>{@code sync-interval} (L; duration, default 1s, 1ms to 24h): the shortest time between two
 *       uploads of one database.
 *   <li>{@code sign-payload}, {@code sign-accept-encoding}, {@code require-content-md5}, {@code
 *       put-object-content-md5} (L): accepted; payloads are always signed, that header never is,
 *       deletes carry Content-MD5 and uploads SHA-256.
 *   <li>{@code name}, {@code validation-interval}, {@code max-sync-ltx-files}, {@code auto-recover}
 *       (L): do nothing here.
 *   <li>{@code retention}, {@code retention-check-interval}, {@code snapshot-interval}, {@code
 *       monitor-interval} (Litestream v0.3's): do nothing.
 *   <li>{@code age} ({@code identities}, {@code recipients}) (L): an error unless empty, since
 *       nothing would be encrypted.
 *   <li>{@code account-name}, {@code account-key}, {@code sas-token}, {@code host}, {@code user},
 *       {@code password}, {@code key-path}, {@code host-key}, {@code concurrent-writes}, {@code
 *       webdav-url}, {@code webdav-username}, {@code webdav-password}, {@code jwt}, {@code seed},
 *       {@code creds}, {@code nkey}, {@code username}, {@code token}, {@code tls}, {@code
 *       root-cas}, {@code client-cert}, {@code client-key}, {@code max-reconnects}, {@code
 *       reconnect-wait}, {@code timeout} (L): for replica types that cannot be written yet.
 * </ul>
 */
public final class ConfigKeys {

  private static final String DAEMON =
      "belongs to the Litestream daemon; Walsync runs inside the application and ignores it";
  private static final String NOT_YET = "is not available yet; ignored";
  private static final String L0_RETENTION =
      "ignored; how long every commit stays restorable is said by `retention.keep`";
  static final String V03 =
      "is Litestream v0.3's; ignored, as by Litestream v0.5: "
          + "snapshots and retention are set by `snapshot` at the top";
  private static final String OTHER_TYPES =
      "is for replica types that Walsync cannot write; ignored";

  static final KeySet SNAPSHOT = new KeySet("`snapshot`").with("interval", "retention");
  static final KeySet LOGGING =
      new KeySet("`logging`")
          .with("level", "stderr")
          .ignoring("messages are plain text; ignored", "type", "source");
  static final KeySet SOCKET = new KeySet("`socket`").with("enabled", "path", "permissions");
  static final KeySet LEVEL = new KeySet("an entry of `levels`").with("interval");
  static final KeySet RETENTION = new KeySet("`retention`").with("enabled", "keep");
  static final KeySet VALIDATION = new KeySet("`validation`").with("interval");
  static final KeySet AGE = new KeySet("`age`").with("identities", "recipients");

  /** Keys of an S3 replica that a file replica does not have. */
  static final KeySet S3 =
      new KeySet("an S3 replica")
          .with("bucket", "region", "endpoint", "access-key-id", "secret-access-key")
          .with("force-path-style", "skip-verify", "storage-class", "part-size", "concurrency")
          .with("sse-customer-algorithm", "sse-customer-key", "sse-customer-key-path")
          .with("sse-kms-key-id", "server-side-encryption")
          .with("require-content-md5", "put-object-content-md5")
          .with("sign-payload", "sign-accept-encoding");

  private static final KeySet REPLICA_SETTINGS =
      new KeySet("a replica")
          .including(S3)
          .with("sync-interval", "age")
          .ignoring(
              "does nothing: no replica is validated by reading it back", "validation-interval")
          .ignoring(V03, "retention", "retention-check-interval", "snapshot-interval")
          .ignoring("does nothing: commits are noticed without polling", "monitor-interval")
          .ignoring("does nothing: files are uploaded as they arrive", "max-sync-ltx-files")
          .ignoring("does nothing: damaged local state is always rebuilt safely", "auto-recover")
          .ignoring(OTHER_TYPES, "account-name", "account-key", "sas-token")
          .ignoring(OTHER_TYPES, "host", "user", "password", "key-path", "host-key")
          .ignoring(OTHER_TYPES, "concurrent-writes", "webdav-url", "webdav-username")
          .ignoring(OTHER_TYPES, "webdav-password", "jwt", "seed", "creds", "nkey", "username")
          .ignoring(OTHER_TYPES, "token", "tls", "root-cas", "client-cert", "client-key")
          .ignoring(OTHER_TYPES, "max-reconnects", "reconnect-wait", "timeout");

  static final KeySet REPLICA =
      new KeySet("a replica").with("type", "name", "path", "url").including(REPLICA_SETTINGS);

  private static final KeySet DATABASE_SETTINGS =
      new KeySet("a database")
          .with("journal-mode", "page-encoding", "checkpointer", "behind", "staging-max-bytes");

  static final KeySet DATABASE =
      new KeySet("an entry of `dbs`")
          .with("path", "dir", "pattern", "recursive", "watch", "meta-path", "meta-dir")
          .with("busy-timeout", "min-checkpoint-page-count", "snapshot", "replica", "replicas")
          .with("restore-if-db-not-exists")
          .including(DATABASE_SETTINGS)
          .ignoring("does nothing: commits are noticed without polling", "monitor-interval")
          .ignoring("does nothing: Walsync decides when to checkpoint", "checkpoint-interval")
          .ignoring("does nothing: Walsync decides when to checkpoint", "max-checkpoint-page-count")
          .ignoring(V03, "retention", "retention-check-interval", "snapshot-interval")
          .ignoring(V03, "validation-interval", "shadow-retention-n", "shadow-retention-count")
          .ignoring("does nothing: Walsync never blocks readers to truncate", "truncate-page-n")
          .ignoring("does nothing: batches are bounded by Walsync itself", "max-sync-wal-bytes");

  static final KeySet TOP =
      new KeySet("the top level")
          .with("dbs", "shutdown-timeout", "shutdown-sync-timeout", "logging", "snapshot", "levels")
          .with("staging-max-total-bytes", "addr", "litestream-metrics")
          .including(DATABASE_SETTINGS)
          .including(REPLICA_SETTINGS)
          .with("retention")
          .ignoring(L0_RETENTION, "l0-retention", "l0-retention-check-interval")
          .ignoring("does nothing: each merge proves itself", "verify-compaction")
          .ignoring(NOT_YET, "validation", "heartbeat-url", "heartbeat-interval")
          .ignoring(DAEMON, "exec", "socket", "mcp-addr", "shutdown-sync-interval");

  /** All kinds of section: to say in which one a misplaced key belongs. */
  static final List<KeySet> ALL =
      Collections.unmodifiableList(
          Arrays.asList(
              REPLICA,
              DATABASE,
              TOP,
              SNAPSHOT,
              LOGGING,
              SOCKET,
              LEVEL,
              RETENTION,
              VALIDATION,
              AGE));

  /** Keys whose values never appear in a message. */
  static final Set<String> SECRETS =
      Collections.unmodifiableSet(
          new HashSet<>(
              Arrays.asList(
                  "access-key-id",
                  "secret-access-key",
                  "sse-customer-key",
                  "account-key",
                  "sas-token",
                  "password",
                  "webdav-password",
                  "jwt",
                  "seed",
                  "nkey",
                  "token",
                  "url",
                  "webdav-url",
                  "heartbeat-url",
                  "age")));

  private ConfigKeys() {}
}
