package io.walsync.cli;

import io.walsync.config.ConfigException;

/** What the agent in another JVM answered: {@code NONCE:STATUS:TEXT}. */
final class AgentAnswer {

  private static final String CONFIG = "config";
  private static final String FAILED = "failed";

  private static final String ABSENT = "absent";

  private final long pid;
  private final String status;
  private final String body;

  private AgentAnswer(long pid, String status, String body) {
    this.pid = pid;
    this.status = status;
    this.body = body;
  }

  /**
   * @param answer as the agent left it; null if it left none
   * @param nonce of the question
   * @throws ConfigException if the configuration is wrong
   * @throws AttachException if the agent could not do what it was asked, or answered another
   *     question
   */
  static AgentAnswer parse(long pid, String answer, String nonce)
      throws AttachException, ConfigException {
    String[] parts = answer == null ? new String[0] : answer.split(":", 3);
    if (parts.length < 3 || !parts[0].equals(nonce)) {
      throw new AttachException(
          "process " + pid + " took the agent and gave no answer; its standard error may say more");
    }
    String status = parts[1];
    if (status.equals(CONFIG)) {
      throw new ConfigException(parts[2] + "; nothing was changed in process " + pid);
    }
    if (status.equals(FAILED)) {
      throw new AttachException("process " + pid + ": " + parts[2]);
    }
    return new AgentAnswer(pid, status, parts[2]);
  }

  /** One line for people. */
  String text() {
    return "process " + pid + " " + status + ": " + body;
  }

  /** What the agent has said, without the word for it. */
  String body() {
    return body;
  }

  boolean isStatus(String word) {
    return status.equals(word);
  }

  /**
   * The same, from an agent that is there.
   *
   * @throws AttachException if there is none
   */
  AgentAnswer ofAnAgent() throws AttachException {
    if (status.equals(ABSENT)) {
      throw new AttachException("process " + pid + ": " + body);
    }
    return this;
  }
}
