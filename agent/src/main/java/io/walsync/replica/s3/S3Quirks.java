package io.walsync.replica.s3;

/**
 * What a store has turned out not to know. Learned from its answers, never forgotten, shared by the
 * replicas of a bucket.
 */
final class S3Quirks {

  /** Overwrites in spite of {@code If-None-Match: *}. */
  volatile boolean ignoresConditions;

  /** Has no compare-and-swap: ignores {@code If-Match}, or refuses the right tag. */
  volatile boolean ignoresTags;

  /** Refuses {@code x-amz-checksum-sha256}. */
  volatile boolean refusesChecksums;

  /** Has no request that deletes many objects. */
  volatile boolean deletesOneByOne;
}
