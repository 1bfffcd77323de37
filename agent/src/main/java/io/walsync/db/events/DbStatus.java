package io.walsync.db.events;

import io.walsync.ltx.Txid;
import java.io.File;
import org.jspecify.annotations.Nullable;

/**
 * The state of one database at a moment: how much of it is in the store, and why the rest is not.
 * Immutable. TXIDs are numbers, 0 for none; times are milliseconds since the epoch, 0 for none.
 */
public final class DbStatus {

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
    public Builder refusal(Refusal found) {
      refusal = found;
      return this;
    }

    public DbStatus build() {
      return new DbStatus(this);
    }
  }
}
