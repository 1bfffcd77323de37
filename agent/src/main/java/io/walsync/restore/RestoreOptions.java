package io.walsync.restore;

/** How to restore. Immutable; each {@code with} method returns a changed copy. */
public final class RestoreOptions {

  /** Requests in flight, 4 MiB each: enough to hide the latency of a store. */
  public static final int DEFAULT_PARALLELISM = 8;

  public static final int MAX_PARALLELISM = 32;

  private final int parallelism;
  private final TargetRule rule;
  private final boolean isSha256Verified;
  private final IntegrityCheck integrityCheck;
  private final boolean isChecksumWanted;

  private RestoreOptions(
      int parallelism,
      TargetRule rule,
      boolean isSha256Verified,
      IntegrityCheck integrityCheck,
      boolean isChecksumWanted) {
    this.isChecksumWanted = isChecksumWanted;
    this.parallelism = parallelism;
    this.rule = rule;
    this.isSha256Verified = isSha256Verified;
    this.integrityCheck = integrityCheck;
  }

  /** Eight threads, no existing file touched, every checksum verified, no integrity check. */
  public static RestoreOptions defaults() {
    return new RestoreOptions(
        DEFAULT_PARALLELISM, TargetRule.NEW, true, IntegrityCheck.NONE, false);
  }

  /**
   * @param threads 1 to {@link #MAX_PARALLELISM}; each holds about 4.5 MiB, up to 7, and there are
   *     no more of them than half of the heap has room for
   */
  public RestoreOptions withParallelism(int threads) {
    if (threads < 1 || threads > MAX_PARALLELISM) {
      throw new IllegalArgumentException(
          "parallelism " + threads + " is not between 1 and " + MAX_PARALLELISM);
    }
    return new RestoreOptions(threads, rule, isSha256Verified, integrityCheck, isChecksumWanted);
  }

  /** Whether an existing database may be replaced, and its -wal, -shm and -journal removed. */
  public RestoreOptions withForce(boolean force) {
    return with(force ? TargetRule.REPLACE : TargetRule.NEW);
  }

  /**
   * The database is missing and about to be opened, perhaps by several at once: an empty file in
   * its place may be replaced, and nobody else can make one any more when the restored one comes.
   */
  public RestoreOptions withMissingTarget() {
    return with(TargetRule.MISSING);
  }

  private RestoreOptions with(TargetRule newRule) {
    return new RestoreOptions(
        parallelism, newRule, isSha256Verified, integrityCheck, isChecksumWanted);
  }

  /**
   * Whether what the store has beside the files is compared: the SHA-256 of each, at a request a
   * file, and the checksum of the database, at one more.
   */
  public RestoreOptions withSha256Verified(boolean verified) {
    return new RestoreOptions(parallelism, rule, verified, integrityCheck, isChecksumWanted);
  }

  public RestoreOptions withIntegrityCheck(IntegrityCheck check) {
    return new RestoreOptions(parallelism, rule, isSha256Verified, check, isChecksumWanted);
  }

  /** Whether {@link RestoreResult#checksum} is to be known. */
  public RestoreOptions withChecksum(boolean isWanted) {
    return new RestoreOptions(parallelism, rule, isSha256Verified, integrityCheck, isWanted);
  }

  int parallelism() {
    return parallelism;
  }

  TargetRule rule() {
    return rule;
  }

  boolean isSha256Verified() {
    return isSha256Verified;
  }

  boolean isChecksumWanted() {
    return isChecksumWanted;
  }

  IntegrityCheck integrityCheck() {
    return integrityCheck;
  }
}
