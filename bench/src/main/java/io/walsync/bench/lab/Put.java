package io.walsync.bench.lab;

import io.walsync.replica.LtxFileInfo;

/**
 * One object that a server accepted.
 *
 * @param arrivedMicros when its request's head had come, wall clock
 * @param acknowledgedMicros when the server had answered that it has it, wall clock
 * @param target path of the request
 */
public record Put(long arrivedMicros, long acknowledgedMicros, long sizeBytes, String target) {

  static Put parse(String line) {
    String[] words = line.split(" ", 4);
    return new Put(
        Long.parseLong(words[0]), Long.parseLong(words[1]), Long.parseLong(words[2]), words[3]);
  }

  /** Whether it is a file of that level of the replica with that path. */
  public boolean isIn(String replicaPath, int level) {
    return target.startsWith(String.format("/%s/%s/%04x/", S3Server.BUCKET, replicaPath, level));
  }

  /** The LTX file that the last part of the path names. */
  public LtxFileInfo file(int level) {
    String name = target.substring(target.lastIndexOf('/') + 1);
    return LtxFileInfo.parse(level, name, sizeBytes, acknowledgedMicros / 1_000);
  }
}
