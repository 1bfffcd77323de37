package io.walsync.bootstrap;

import java.lang.instrument.Instrumentation;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Handles requests of a process that attaches: to begin, to end, to tell. This class is loaded when
 * somebody attaches, not before.
 *
 * <p>The answer goes into the JVM's agent properties, which the attached process can read and the
 * application does not see. Its key ends with the nonce of the request; its text is {@code
 * NONCE:STATUS:TEXT}.
 */
final class Attachment {

  static final String ANSWER = "walsync.answer";

  /**
   * Answers that stay readable, so that each of several processes that ask at once finds its own.
   */
  private static final int MAX_ANSWERS = 16;

  /** Characters of all of them but the newest; the status of many databases is long. */
  private static final long MAX_ANSWERED_LENGTH = 1_000_000;

  private static final Queue<String> ANSWERED = new ArrayDeque<>();
  private static final Queue<Integer> LENGTHS = new ArrayDeque<>();
  private static long answeredLength;

  private static final String ATTACHED = "attached";
  private static final String ALREADY = "already";
  private static final String DETACHED = "detached";
  private static final String ABSENT = "absent";
  private static final String CONFIG = "config";
  private static final String FAILED = "failed";

  private Attachment() {}

  /**
   * Carries a request out. Runs on the JVM's attach thread, and the attached process waits for it.
   */
  static synchronized void answer(String agentArgs, Instrumentation instrumentation) {
    AttachRequest request = AttachRequest.parse(agentArgs);
    String answer;
    try {
      answer = carryOut(request, instrumentation);
    } catch (Throwable t) {
      String reason = t.getMessage() == null ? t.toString() : t.getMessage();
      boolean isConfig = t.getClass().getName().endsWith(".ConfigException");
      answer = (isConfig ? CONFIG : FAILED) + ":" + reason;
      if (request.nonce().isEmpty()) {
        Stderr.replicationIsOff(t);
      }
    }
    publish(request.nonce(), request.nonce() + ":" + answer, instrumentation);
  }

  private static String carryOut(AttachRequest request, Instrumentation instrumentation)
      throws Throwable {
    switch (request.verb()) {
      case "attach":
        return attach(request.config(), instrumentation);
      case "detach":
        return detach(AgentEntry.agent());
      case "status":
        return status(AgentEntry.agent(), request.config());
      default:
        return command(AgentEntry.agent(), request.verb(), request.config());
    }
  }

  private static String attach(String config, Instrumentation instrumentation) throws Throwable {
    IsolatedAgent agent = AgentEntry.agent();
    if (agent == null) {
      agent = AgentEntry.prepare(config, instrumentation);
    }
    if (agent.isActive()) {
      if (!config.isEmpty()) {
        agent.check(config);
      }
      String current = agent.config();
      return ALREADY
          + ":the agent is there"
          + (current.isEmpty() ? "" : ", with " + AttachRequest.named(current))
          + "; nothing was changed";
    }
    try {
      agent.attach(config);
      AgentEntry.weaveBesideLoaded(agent, instrumentation);
      int driverCount = agent.weaveLoaded(instrumentation);
      return ATTACHED
          + ":"
          + (driverCount == 0
              ? "databases are replicated as the application opens them"
              : "databases are replicated from the next statement of each connection on");
    } catch (Throwable t) {
      agent.detach();
      throw t;
    }
  }

  private static String detach(@Nullable IsolatedAgent agent) throws Throwable {
    if (agent == null || !agent.isActive()) {
      return ABSENT + ":there is no agent; nothing was changed";
    }
    return DETACHED + ":" + agent.detach();
  }

  private static String status(@Nullable IsolatedAgent agent, String form) throws Throwable {
    if (agent == null || !agent.isActive()) {
      return ABSENT
          + ":there is no agent, or its configuration was wrong: nothing is replicated. Its"
          + " standard error says more";
    }
    return agent.status(form);
  }

  private static String command(@Nullable IsolatedAgent agent, String verb, String argument)
      throws Throwable {
    if (agent == null || !agent.isActive()) {
      return ABSENT + ":there is no agent, or its configuration was wrong; nothing was changed";
    }
    return agent.command(verb, argument);
  }

  private static void publish(String nonce, String answer, Instrumentation instrumentation) {
    try {
      IsolatedAgent agent = AgentEntry.agent();
      if (agent == null) {
        agent = AgentEntry.prepare("", instrumentation);
      }
      String key = nonce.isEmpty() ? ANSWER : ANSWER + "." + nonce;
      agent.publish(key, answer.replace('\r', ' ').replace('\n', ' '), instrumentation);
      ANSWERED.add(key);
      LENGTHS.add(answer.length());
      answeredLength += answer.length();
      while (ANSWERED.size() > MAX_ANSWERS
          || ANSWERED.size() > 1 && answeredLength > MAX_ANSWERED_LENGTH) {
        answeredLength -= LENGTHS.remove();
        agent.publish(ANSWERED.remove(), null, instrumentation);
      }
    } catch (Throwable t) {
      Stderr.line(answer.substring(answer.indexOf(':') + 1) + " (" + t + ")");
    }
  }
}
