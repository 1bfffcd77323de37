package io.walsync.db.events;

import io.walsync.ltx.Txid;
import io.walsync.replica.RequestCounts;
import java.io.File;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The state of one database at a moment: how much of it is in the store, and why the rest is not.
 * All that people, probes and monitoring are told of a database is read from here. Immutable. TXIDs
 * are numbers, 0 for none; times are milliseconds since the epoch, 0 for none.
 */
public final class DbStatus {

  /** What the application does with a database that it has for itself takes seconds. */
  private static final long MOST_AWAY_MILLIS = TimeUnit.MINUTES.toMillis(1);

  private final Builder values;

  private DbStatus(Builder values) {
    this.values = values;
  }

  public static Builder builder(File path, String replicaUrl) {
    return new Builder(path, replicaUrl);
  }

  /** The database file. */
  public File path() {
    return values.path;
  }

  /** The replica's URL, without secrets. */
  public String replicaUrl() {
    return values.replicaUrl;
  }

  /** The name of the state that the database is in. */
  public String state() {
    return values.state;
  }

  /** When the database came into that state. */
  public long sinceMillis() {
    return values.sinceMillis;
  }

  /** The newest TXID that the store has acknowledged. */
  public long uploadedTxid() {
    return values.uploadedTxid;
  }

  /** The newest TXID for which a file has been sealed. */
  public long sealedTxid() {
    return values.sealedTxid;
  }

  /** Bytes that wait for the store in {@link #stagingFolder}. */
  public long stagedBytes() {
    return values.stagedBytes;
  }

  /** Bytes that may wait there; more in the cases that the documentation names. */
  public long stagingLimitBytes() {
    return values.stagingLimit;
  }

  public File stagingFolder() {
    return values.stagingFolder;
  }

  /** Since when the oldest commit that is not in the store has been waiting. */
  public long unstoredMillis() {
    return values.unstoredMillis;
  }

  /** Since when the database cannot be captured. */
  public long suspendedMillis() {
    return values.suspendedMillis;
  }

  /** Why the rest is not in the store, in words; never empty. */
  public String obstacle() {
    return values.obstacle;
  }

  /** Null unless the database is refused. */
  public @Nullable Refusal refusal() {
    return values.refusal;
  }

  /** How it does, in one word. */
  public Health health() {
    return values.health;
  }

  /** Whether nobody has to act or to wait: what a probe asks. */
  public boolean isFine() {
    boolean isAwayForLong =
        health() == Health.AWAY && values.nowMillis - sinceMillis() > MOST_AWAY_MILLIS;
    return health().isFine() && !isAwayForLong;
  }

  /** Why it does not do well, in words; empty if it does. */
  public String reason() {
    if (isFine()) {
      return "";
    }
    boolean isStore = health() == Health.STORE_DOWN || health() == Health.STARTING;
    return isStore && values.downSinceMillis != 0 && values.lastFailure != null
        ? values.lastFailure
        : obstacle();
  }

  /** When this was so. */
  public long nowMillis() {
    return values.nowMillis;
  }

  /**
   * For how long the oldest commit that is not in the store has been waiting, in milliseconds; 0 if
   * everything that is known is in the store.
   */
  public long lagMillis() {
    long since = unstoredMillis();
    return since == 0 ? 0 : Math.max(1, values.nowMillis - since);
  }

  /** When the commit of {@link #uploadedTxid} was made; 0 if unknown. */
  public long uploadedMillis() {
    return values.uploadedMillis;
  }

  /** Of when the oldest state is that can be restored, as when last looked at; 0 if unknown. */
  public long oldestMillis() {
    return values.oldestMillis;
  }

  /** What this process has merged. */
  public PastStatus past() {
    return values.past;
  }

  /** What the replica holds. */
  public ReplicaSize replica() {
    return values.replica;
  }

  /** Bytes of the WAL file. */
  public long walBytes() {
    return values.walBytes;
  }

  /** Files that the store has taken since the process began. */
  public long uploadCount() {
    return values.uploadCount;
  }

  /** Bytes of these files. */
  public long uploadedBytes() {
    return values.sentBytes;
  }

  /** Tries that failed since the process began: listings and uploads. */
  public long failureCount() {
    return values.failureCount;
  }

  /** Since when the store fails; 0 if it does not. */
  public long downSinceMillis() {
    return values.downSinceMillis;
  }

  /** The newest failure of the store, in words, also if it is over; null if there was none. */
  public @Nullable String lastFailure() {
    return values.lastFailure;
  }

  /** When that was; 0 if there was none. */
  public long lastFailureMillis() {
    return values.lastFailureMillis;
  }

  /** What the store was asked since the process began. */
  public List<RequestCounts.Count> requests() {
    return values.requests;
  }

  /** What is not in the store and why, for people. */
  public String describePending() {
    return obstacle() + "; " + describeStaged();
  }

  private String describeStaged() {
    return uploadedTxid() == 0
        ? "nothing of it is uploaded yet"
        : stagedBytes()
            + " bytes staged in "
            + stagingFolder()
            + ", the store has TXID "
            + Txid.of(uploadedTxid());
  }

  @Override
  public String toString() {
    return path() + ": " + state() + ", " + describePending();
  }

  /** Collects the values of one status. */
  public static final class Builder {
    private final File path;
    private final String replicaUrl;
    private String state;
    private long sinceMillis;
    private long uploadedTxid;
    private long sealedTxid;
    private long stagedBytes;
    private File stagingFolder;
    private long unstoredMillis;
    private long suspendedMillis;
    private String obstacle;
    private @Nullable Refusal refusal;
    private Health health;
    private long nowMillis;
    private long uploadedMillis;
    private long oldestMillis;
    private PastStatus past = PastStatus.NONE;
    private ReplicaSize replica = ReplicaSize.UNKNOWN;
    private long stagingLimit;
    private long walBytes;
    private long uploadCount;
    private long sentBytes;
    private long failureCount;
    private long downSinceMillis;
    private @Nullable String lastFailure;
    private long lastFailureMillis;
    private List<RequestCounts.Count> requests = Collections.emptyList();

    @SuppressWarnings("NullAway.Init") // whoever builds a status sets all of them
    private Builder(File path, String replicaUrl) {
      this.path = path;
      this.replicaUrl = replicaUrl;
    }

    public Builder state(String name, long millis) {
      state = name;
      sinceMillis = millis;
      return this;
    }

    public Builder txids(long uploaded, long sealed) {
      uploadedTxid = uploaded;
      sealedTxid = sealed;
      return this;
    }

    public Builder staged(long bytes, File folder) {
      stagedBytes = bytes;
      stagingFolder = folder;
      return this;
    }

    public Builder unstoredSince(long millis) {
      unstoredMillis = millis;
      return this;
    }

    public Builder suspendedSince(long millis) {
      suspendedMillis = millis;
      return this;
    }

    public Builder obstacle(String words) {
      obstacle = words;
      return this;
    }

    /**
     * @param found null for none
     */
    public Builder refusal(@Nullable Refusal found) {
      refusal = found;
      return this;
    }

    public Builder health(Health word, long millis) {
      health = word;
      nowMillis = millis;
      return this;
    }

    /** From when to when states can be restored. */
    public Builder restorable(long oldest, long newest) {
      oldestMillis = oldest;
      uploadedMillis = newest;
      return this;
    }

    public Builder past(PastStatus done) {
      past = done;
      return this;
    }

    public Builder replica(ReplicaSize held) {
      replica = held;
      return this;
    }

    public Builder stagingLimit(long bytes) {
      stagingLimit = bytes;
      return this;
    }

    public Builder wal(long bytes) {
      walBytes = bytes;
      return this;
    }

    public Builder sent(long files, long bytes) {
      uploadCount = files;
      sentBytes = bytes;
      return this;
    }

    /**
     * @param newest in words; null for none
     */
    public Builder failures(long count, @Nullable String newest, long millis) {
      failureCount = count;
      lastFailure = newest;
      lastFailureMillis = millis;
      return this;
    }

    public Builder storeDownSince(long millis) {
      downSinceMillis = millis;
      return this;
    }

    public Builder requests(List<RequestCounts.Count> counts) {
      requests = Collections.unmodifiableList(counts);
      return this;
    }

    public DbStatus build() {
      return new DbStatus(this);
    }
  }
}
