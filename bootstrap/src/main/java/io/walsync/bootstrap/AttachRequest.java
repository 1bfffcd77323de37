package io.walsync.bootstrap;

/**
 * A request of a process that attaches, as the one String that the attach mechanism carries: {@code
 * walsync:VERB:NONCE:CONFIG}. Any other String is the path of a configuration, as other tools pass
 * it.
 */
final class AttachRequest {

  private static final String PREFIX = "walsync:";
  private static final String ATTACH = "attach";

  private final String verb;
  private final String nonce;
  private final String config;

  private AttachRequest(String verb, String nonce, String config) {
    this.verb = verb;
    this.nonce = nonce;
    this.config = config;
  }

  static AttachRequest parse(String text) {
    int verbEnd = text.startsWith(PREFIX) ? text.indexOf(':', PREFIX.length()) : -1;
    int nonceEnd = verbEnd < 0 ? -1 : text.indexOf(':', verbEnd + 1);
    if (nonceEnd < 0) {
      return new AttachRequest(ATTACH, "", text);
    }
    return new AttachRequest(
        text.substring(PREFIX.length(), verbEnd),
        text.substring(verbEnd + 1, nonceEnd),
        text.substring(nonceEnd + 1));
  }

  /** {@code attach}, {@code detach}, {@code status}, or what the agent may know. */
  String verb() {
    return verb;
  }

  /**
   * A random text by which the asking process recognises its answer; empty if it waits for none.
   */
  String nonce() {
    return nonce;
  }

  /** A configuration for people: of a URL nothing that could be a secret. */
  static String named(String config) {
    return config.replaceAll("://[^/]*@", "://").replaceAll("(://[^?]*)[?].*", "$1");
  }

  /**
   * The path of the configuration, or the URL of a replica; the form of a status, or what another
   * verb needs.
   */
  String config() {
    return config;
  }
}
