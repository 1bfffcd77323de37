package io.walsync.it.harness;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One LTX file in a replica, by its key. */
public record LtxObject(int level, long minTxid, long maxTxid, long sizeBytes, String key) {

  private static final Pattern NAME = Pattern.compile("([0-9a-f]{16})-([0-9a-f]{16})\\.ltx");

  /** Empty if the last part of the key is not the name of an LTX file. */
  static Optional<LtxObject> parse(int level, String key, long sizeBytes) {
    Matcher name = NAME.matcher(key.substring(key.lastIndexOf('/') + 1));
    if (!name.matches()) {
      return Optional.empty();
    }
    long min = Long.parseLong(name.group(1), 16);
    long max = Long.parseLong(name.group(2), 16);
    return Optional.of(new LtxObject(level, min, max, sizeBytes, key));
  }

  public String maxTxidText() {
    return String.format("%016x", maxTxid);
  }

  /** Whether it holds every page of the database. */
  public boolean isSnapshot() {
    return minTxid == 1;
  }
}
