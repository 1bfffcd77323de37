package io.walsync.replica.s3;

import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.LtxSource;
import io.walsync.replica.LtxStream;
import io.walsync.replica.NoteStore;
import io.walsync.replica.Owner;
import io.walsync.replica.OwnerObject;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.ReplicaException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A replica in an S3 bucket.
 *
 * <p>Every object is written on condition that its name is free, so that a second writer is fenced
 * off. Where the store does not know the condition ({@link #probeConditions}), each write looks
 * first, which fences off all but a writer of the same moment.
 *
 * <p>Threading: any number of threads; requests of different threads use connections of their own.
 */
public final class S3ReplicaClient implements ReplicaClient {

  private static final int BAD_REQUEST = 400;

  private final S3Settings settings;
  private final Shared shared;

  /** Null before the first request. */
  private @Nullable Parts parts;

  private boolean isClosed;

  /** See {@link #onBegin}; null if there is nothing to do any more. */
  private @Nullable Runnable beginning;

  /** What the replicas of one bucket have in common. */
  private static final class Shared {
    final Map<String, String> environment;
    final Clock clock;
    final S3Quirks quirks = new S3Quirks();

    /** Null before the first request, which loads the signer and, without keys, the providers. */
    @Nullable S3Connection connection;

    Shared(Map<String, String> environment, Clock clock) {
      this.environment = environment;
      this.clock = clock;
    }

    synchronized S3Connection connect(S3Settings settings) {
      S3Connection shared = connection;
      if (shared == null || !shared.tryShare()) {
        shared = new S3Connection(settings, environment, clock);
        connection = shared;
      }
      return shared;
    }
  }

  static final class Parts {
    final S3Connection connection;
    final S3Keys keys;
    final S3Objects objects;
    final UnfinishedUploads unfinished;
    final S3Writes writes;
    final S3Deletion deletion;
    final S3Owner owner;
    final S3Quirks quirks;

    Parts(S3Settings settings, S3Connection connection, S3Keys keys, S3Quirks quirks) {
      this.connection = connection;
      this.keys = keys;
      objects = new S3Objects(connection, settings, keys);
      unfinished = new UnfinishedUploads(connection, keys);
      writes = new S3Writes(connection, settings, keys, objects, unfinished, quirks);
      deletion = new S3Deletion(connection, quirks);
      owner = new S3Owner(connection, settings, keys, quirks);
      this.quirks = quirks;
    }
  }

  /** Makes no connection, and loads nothing of the AWS SDK, before the first request. */
  public S3ReplicaClient(S3Settings settings) {
    this(settings, System.getenv(), Clock.systemUTC());
  }

  S3ReplicaClient(S3Settings settings, Map<String, String> environment, Clock clock) {
    this(settings, new Shared(environment, clock));
  }

  private S3ReplicaClient(S3Settings settings, Shared shared) {
    this.settings = settings;
    this.shared = shared;
  }

  /**
   * The replica under another path of the same bucket, with the same connections and keys. Each of
   * them must be closed.
   */
  public S3ReplicaClient withPath(String path) {
    return new S3ReplicaClient(settings.toBuilder().path(path).build(), shared);
  }

  @Override
  public String url() {
    return "s3://" + settings.bucket() + "/" + settings.path();
  }

  /** Asks for one key of the replica: shows that bucket, keys, region and network are right. */
  @Override
  public void init() throws IOException {
    Parts s3 = parts();
    S3Call call =
        new S3Call("list", "GET", null)
            .query("list-type", "2")
            .query("max-keys", "1")
            .query("prefix", s3.keys.root());
    s3.connection.document(call, "ListBucketResult");
  }

  /** What is done before the first write, once it is certain that this process is to write. */
  public synchronized void onBegin(Runnable action) {
    beginning = action;
  }

  @Override
  public void begin() {
    Runnable action;
    synchronized (this) {
      action = beginning;
      beginning = null;
    }
    if (action != null) {
      action.run();
    }
  }

  /**
   * Finds out how the store keeps two writers apart, with some PUTs of the object {@code
   * walsync-probe}, which stays and tells later starts. Where conditions are ignored, each write
   * costs one request more.
   */
  public S3Fencing probeConditions() throws IOException {
    return parts().writes.probeConditions();
  }

  /**
   * As {@link #probeConditions}, with a note as its object, whatever was found before: for somebody
   * who asks. The note stays.
   *
   * @param note a name of {@link #notes} that is free
   */
  public S3Fencing tryConditions(String note) throws IOException {
    Parts s3 = parts();
    return new ConditionProbe(s3.connection, settings, s3.keys, S3Notes.FOLDER + note).ask();
  }

  /**
   * Drops the parts of uploads to this replica that were begun and never finished, but for what
   * this client has under way itself.
   *
   * @return key and time of the beginning of each
   */
  public List<String> dropUnfinishedUploads() throws IOException {
    return parts().unfinished.dropAll();
  }

  /** A replica of Litestream v0.3 has its objects beside the levels, under a name after theirs. */
  @Override
  public @Nullable String explainEmpty() throws IOException {
    Parts s3 = parts();
    String old = s3.keys.besideLevels("generations/");
    boolean isOld =
        firstKey(old) != null && String.valueOf(firstKey(s3.keys.root())).startsWith(old);
    return isOld
        ? url()
            + " holds a replica in the format of Litestream v0.3, which only Litestream reads."
            + " Restore it with Litestream 0.3 or 0.5: litestream restore -o FILE "
            + url()
        : null;
  }

  /** Null if no key begins with the prefix. */
  private @Nullable String firstKey(String prefix) throws IOException {
    S3Call call =
        new S3Call("list", "GET", null)
            .query("list-type", "2")
            .query("max-keys", "1")
            .query("prefix", prefix);
    XmlElement page = parts().connection.document(call, "ListBucketResult");
    for (XmlElement entry : page.children()) {
      if (entry.name().equals("Contents")) {
        return entry.text("Key");
      }
    }
    return null;
  }

  @Override
  public List<LtxFileInfo> list(int level, Txid seek, boolean exactTimes) throws IOException {
    Parts s3 = parts();
    List<LtxFileInfo> files = new S3Listing(s3.connection, s3.keys, level, seek).read();
    return exactTimes && !files.isEmpty()
        ? ExactTimes.of(files, s3.objects::createdMillis, s3.connection.threads())
        : files;
  }

  @Override
  public InputStream open(LtxFileInfo file, long offset, long length) throws IOException {
    return parts().objects.open(file, offset, length);
  }

  @Override
  public @Nullable String recordedSha256(LtxFileInfo file) throws IOException {
    return parts().objects.head(file).sha256Hex();
  }

  @Override
  public long recordedDatabaseChecksum(LtxFileInfo file) throws IOException {
    return parts().objects.head(file).databaseChecksum();
  }

  @Override
  public long recordedEpoch(LtxFileInfo file) throws IOException {
    return parts().objects.head(file).epoch();
  }

  @Override
  public void write(LtxFileInfo file, LtxSource content, String sha256Hex) throws IOException {
    parts().writes.write(file, content, sha256Hex);
  }

  @Override
  public LtxFileInfo writeStream(LtxFileInfo name, LtxStream content) throws IOException {
    return parts().writes.writeStream(name, content);
  }

  @Override
  public OwnerObject owner() throws IOException {
    return parts().owner.read();
  }

  @Override
  public boolean replaceOwner(OwnerObject before, Owner next) throws IOException {
    return parts().owner.replace(before, next);
  }

  @Override
  public NoteStore notes() {
    return new S3Notes(this::parts, settings);
  }

  @Override
  public long storeMillis() {
    Parts known;
    synchronized (this) {
      known = parts;
    }
    return known == null ? NO_TIME : known.connection.storeMillis();
  }

  @Override
  public void delete(List<LtxFileInfo> files) throws IOException {
    Parts s3 = parts();
    List<String> names = new ArrayList<>(files.size());
    for (LtxFileInfo file : files) {
      names.add(s3.keys.key(file));
    }
    s3.deletion.delete(names);
  }

  private synchronized Parts parts() throws IOException {
    if (isClosed) {
      throw new ReplicaException(url() + " has been closed", true);
    }
    Parts opened = parts;
    if (opened == null) {
      opened = open();
      parts = opened;
    }
    return opened;
  }

  private Parts open() throws IOException {
    try {
      S3Connection connection = shared.connect(settings);
      boolean isOpened = false;
      try {
        Parts opened = new Parts(settings, connection, keys(connection), shared.quirks);
        isOpened = true;
        return opened;
      } finally {
        if (!isOpened) {
          connection.close();
        }
      }
    } catch (IllegalArgumentException e) { // endpoint, access point, proxy
      throw new ReplicaException("cannot connect to " + url() + ": " + e.getMessage(), e, true);
    }
  }

  /**
   * Litestream takes a path as it is, slashes where nobody expects them included. A replica that it
   * has written so is gone on with; any other has keys that every store takes and lists.
   */
  private S3Keys keys(S3Connection connection) throws IOException {
    S3Keys configured = S3Keys.of(settings.path());
    S3Keys clean = S3Keys.clean(settings.path());
    return configured.root().equals(clean.root()) || !holdsFiles(connection, configured)
        ? clean
        : configured;
  }

  private static boolean holdsFiles(S3Connection connection, S3Keys keys) throws IOException {
    try {
      return !new S3Listing(connection, keys, LtxFileInfo.LEVEL_SNAPSHOT, Txid.FIRST)
              .read()
              .isEmpty()
          || !new S3Listing(connection, keys, LtxFileInfo.LEVEL_L0, Txid.FIRST).read().isEmpty();
    } catch (S3ReplicaException e) {
      if (e.status() == BAD_REQUEST) {
        return false; // it takes no such key
      }
      throw e;
    }
  }

  @Override
  public synchronized void close() {
    if (!isClosed && parts != null) {
      parts.connection.close();
    }
    isClosed = true;
  }
}
