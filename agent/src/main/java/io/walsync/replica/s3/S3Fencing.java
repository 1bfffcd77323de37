package io.walsync.replica.s3;

/** How a store keeps two writers apart, as far as it was tried. */
public enum S3Fencing {
  /** Of requests of the same moment exactly one went through. */
  ATOMIC,

  /**
   * Conditions are kept by requests that follow one another; of the same moment more than one went
   * through, or that could not be tried because the store has no compare-and-swap.
   */
  SEQUENTIAL,

  /** Conditions are not kept. */
  NONE
}
