package io.walsync.doctor;

import io.walsync.replica.s3.S3Fencing;
import java.util.ArrayList;
import java.util.List;

/** Whether the store keeps two writers apart. */
public final class ConditionsCheck {

  private static final String NAME = "conditional writes";
  private static final String ONE_WRITER = "See that each replica has one writer";

  private ConditionsCheck() {}

  /** None if the replica is a directory, or the store could not be written at all. */
  public static List<Finding> of(StoreFacts facts) {
    List<Finding> findings = new ArrayList<>();
    if (facts.fencing != null) {
      findings.add(of(facts.url, facts.fencing));
    } else if (facts.fencingProblem != null) {
      findings.add(
          Finding.warning(NAME, facts.url, "not tried: " + facts.fencingProblem, ONE_WRITER));
    }
    return findings;
  }

  private static Finding of(String url, S3Fencing fencing) {
    switch (fencing) {
      case ATOMIC:
        return Finding.ok(
            NAME,
            url,
            "kept: a taken name, the right tag, an old tag, and of four at once only one");
      case SEQUENTIAL:
        return Finding.warning(
            NAME,
            url,
            "kept by requests that follow one another, and not seen to be kept at the same moment",
            "Two writers that begin a replica at once may both be let in. " + ONE_WRITER);
      default:
        return Finding.warning(
            NAME,
            url,
            "the store ignores If-None-Match",
            "A second writer is not reliably noticed. " + ONE_WRITER);
    }
  }
}
