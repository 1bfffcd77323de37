package io.walsync.doctor;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Whether the keys may do what replication needs, and whether the clocks agree. */
public final class StoreCheck {

  private static final long CLOSE_MILLIS = 5_000;

  /** S3 refuses requests that are 15 minutes off. */
  private static final long FAR_MILLIS = 600_000;

  private StoreCheck() {}

  public static List<Finding> of(StoreFacts facts) {
    List<Finding> findings = new ArrayList<>();
    for (Map.Entry<String, String> each : facts.outcomes.entrySet()) {
      findings.add(right(facts.url, each.getKey(), each.getValue()));
    }
    if (facts.left != null) {
      findings.add(
          Finding.warning(
              "leftover",
              facts.url,
              facts.left + " could not be removed",
              "Delete it when there are keys that may; nothing reads it"));
    }
    if (facts.clockAheadMillis != StoreFacts.UNKNOWN) {
      findings.add(clock(facts.url, facts.clockAheadMillis));
    }
    return findings;
  }

  /** Of a directory that holds no replica itself, and which nothing is written to. */
  public static Finding ofFolder(String url, File folder) {
    String name = "folder";
    if (!folder.isDirectory()) {
      return Finding.warning(
          name,
          url,
          "there is no such folder",
          "The agent makes it when it first replicates; if it should be there, its disk is not"
              + " mounted");
    }
    return folder.canWrite()
        ? Finding.ok(name, url, "may be written by this user; no replica lies in it directly")
        : Finding.failure(
            name,
            url,
            "may not be written by this user",
            "Nothing is replicated before the application's user may write it");
  }

  private static Finding right(String url, String verb, String problem) {
    if (problem.isEmpty()) {
      return Finding.ok(verb, url, "may");
    }
    switch (verb) {
      case StoreFacts.LIST:
        return Finding.failure(
            verb,
            url,
            problem,
            "Nothing can be replicated or restored before the replica can be listed: check bucket,"
                + " endpoint, region and keys");
      case StoreFacts.WRITE:
        return Finding.failure(
            verb,
            url,
            problem,
            url.startsWith("s3:")
                ? "Nothing is replicated before the keys may write (s3:PutObject) and the store takes"
                    + " the settings"
                : "Nothing is replicated before the application's user may write there");
      case StoreFacts.READ:
        return Finding.failure(
            verb, url, problem, "Nothing can be restored before the keys may read (s3:GetObject)");
      default:
        return Finding.warning(
            verb,
            url,
            problem,
            "The agent deletes nothing and is safer without; prune and unpin need keys that may"
                + " (s3:DeleteObject)");
    }
  }

  static Finding clock(String url, long aheadMillis) {
    long off = Math.abs(aheadMillis);
    String found =
        off <= CLOSE_MILLIS
            ? "at most 5 s from the store's"
            : off / 1000 + " s " + (aheadMillis > 0 ? "ahead of" : "behind") + " the store's";
    if (off <= CLOSE_MILLIS) {
      return Finding.ok("clock", url, found);
    }
    String advice =
        "Set this machine's clock (NTP): restores to a time go by it, and S3 refuses requests that"
            + " are 15 minutes off";
    return off < FAR_MILLIS
        ? Finding.warning("clock", url, found, advice)
        : Finding.failure("clock", url, found, advice);
  }
}
