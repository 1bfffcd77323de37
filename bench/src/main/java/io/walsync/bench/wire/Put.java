package io.walsync.bench.wire;

/**
 * One object that a store accepted.
 *
 * @param arrivedMicros when its (last) request's head had come, wall clock
 * @param acknowledgedMicros when the answer that the store has it was passed on, wall clock
 * @param sizeBytes sent for it, request heads included
 * @param path of the request
 */
public record Put(long arrivedMicros, long acknowledgedMicros, long sizeBytes, String path) {

  private static final int HEX = 16;

  /** Whether it lies in that folder below the replica's path. */
  public boolean isIn(String bucket, String replicaPath, String folder) {
    return path.startsWith("/" + bucket + "/" + replicaPath + "/" + folder + "/");
  }

  /** The last part of the path. */
  public String fileName() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** The second number of {@code <16 hex digits>-<16 hex digits>.ltx}. */
  public long maxTxid() {
    String name = fileName();
    int dash = name.indexOf('-');
    return Long.parseUnsignedLong(name.substring(dash + 1, dash + 1 + HEX), HEX);
  }
}
