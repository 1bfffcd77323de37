package io.walsync.bootstrap;

/**
 * What somebody who attaches wants, as the one String that the attach mechanism carries: {@code
 * walsync:VERB:NONCE:CONFIG}. Any other String is the path of a configuration, as from a tool that
 * is not ours.
 */
final class AttachRequest {

  private static final String PREFIX = "walsync:";
  private static final String DETACH = "detach";

  private final boolean isDetach;
  private final String nonce;
  private final String config;

  private AttachRequest(boolean isDetach, String nonce, String config) {
    this.isDetach = isDetach;
    this.nonce = nonce;
    this.config = config;
  }

  static AttachRequest parse(String text) {
    int verbEnd = text.startsWith(PREFIX) ? text.indexOf(':', PREFIX.length()) : -1;
    int nonceEnd = verbEnd < 0 ? -1 : text.indexOf(':', verbEnd + 1);
    if (nonceEnd < 0) {
      return new AttachRequest(false, "", text);
    }
    return new AttachRequest(
        text.substring(PREFIX.length(), verbEnd).equals(DETACH),
        text.substring(verbEnd + 1, nonceEnd),
        text.substring(nonceEnd + 1));
  }

  boolean isDetach() {
    return isDetach;
  }

  /** By which the one who asked knows the answer; empty if nobody waits for one. */
  String nonce() {
    return nonce;
  }

  /** A path; empty if none was given. */
  String config() {
    return config;
  }
}
