package io.walsync.agent;

import io.walsync.config.ConfigPlace;
import io.walsync.config.HostEnvironment;
import io.walsync.config.LogLevel;
import io.walsync.db.events.DbStatus;
import io.walsync.hook.ConnectionRegistry;
import io.walsync.io.AgentThread;
import io.walsync.status.AgentFacts;
import io.walsync.status.StatusAnswer;
import java.io.File;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the bootstrap calls: when the first NativeDB of the JVM has been woven, and when somebody
 * attaches or detaches.
 *
 * <p>States: armed with an agent, or without one, before the first and after a detach.
 *
 * <p>Threading: {@link #arm}, {@link #attach} and {@link #detach} one at a time, which the
 * bootstrap sees to.
 */
public final class AgentStart {

  private static final ConnectionRegistry CONNECTIONS = new ConnectionRegistry();

  private static final String STARTING =
      "failed:its agent has not started yet; ask again in a moment, or see its standard error";

  /** How long a command waits for the start, which takes less than a second as a rule. */
  private static final long START_MILLIS = 5_000;

  private static final String NOT_YET =
      "done:the agent starts when the application first uses SQLite; nothing was changed";

  /** Null while nothing is replicated: before the first, and after a detach. */
  private static @Nullable Agent current;

  private AgentStart() {}

  /**
   * Runs on an application thread that is loading a class: it must not block, nor start more than a
   * thread.
   *
   * @param agentArgs the path of the configuration; null if none was given
   * @return takes the NativeDB and the file name of each connection after its open, and returns its
   *     hook, or null for a connection that is left alone
   */
  public static BiFunction<Object, Object, Object> arm(@Nullable String agentArgs) {
    Agent agent = new Agent(agentArgs, CONNECTIONS);
    agent.awaitEnd();
    report(agent);
    if (RestoreWish.isIn(agentArgs)) {
      CONNECTIONS.guardBy(agent.guard());
    }
    AgentThread.of(agent, "walsync-start").start();
    return CONNECTIONS;
  }

  /**
   * Tells what the bridge notes of its faults.
   *
   * @param missed connections whose open was not reported; each returned once
   * @param isDisarmed whether it has given up
   */
  public static void watch(Supplier<Object[]> missed, BooleanSupplier isDisarmed) {
    BridgeWatch.of(missed, isDisarmed);
  }

  private static void report(Agent agent) {
    current = agent;
    CONNECTIONS.reportTo(agent, agent);
  }

  /** In this order: a connection that opens meanwhile is reported, or among all, or both. */
  private static void takeOver(Agent agent) {
    report(agent);
    CONNECTIONS.all().forEach(agent);
  }

  /**
   * Drivers were woven whose connections may be open.
   *
   * @param drivers the loaders of all copies in this JVM; null is the bootstrap loader
   */
  public static void visitUnseen(Set<ClassLoader> drivers) {
    Agent agent = current;
    if (agent != null) {
      agent.visitUnseen(drivers);
    }
  }

  /** Whether there is an agent that replicates or is about to. */
  public static boolean isAttached() {
    return current != null && !current.isOff();
  }

  /**
   * Starts an agent in a process that has been running for a while; on a thread of ours, waited
   * for.
   *
   * @param configPath null if none was given
   * @return as {@link #arm}
   * @throws Exception if the configuration is wrong; nothing has changed then
   */
  public static BiFunction<Object, Object, Object> attach(@Nullable String configPath)
      throws Exception {
    return onAgentThread(
        () -> {
          Agent agent = new Agent(configPath, CONNECTIONS);
          agent.start();
          CONNECTIONS.keepOnlyWovenNatives();
          takeOver(agent);
          return CONNECTIONS;
        });
  }

  /**
   * Reads a configuration and does nothing with it.
   *
   * @throws Exception if it is wrong
   */
  public static void check(String configPath) throws Exception {
    ConfigPlace.of(configPath).load(HostEnvironment.read());
  }

  /**
   * For connections whose NativeDB was loaded before the agent: takes it and, or null, a statement
   * it is about to run; returns the connection's hook or null.
   */
  public static BiFunction<Object, Object, Object> finder() {
    return CONNECTIONS::find;
  }

  /**
   * Ends the agent while the process goes on.
   *
   * @return what has become of the databases, as a sentence
   */
  public static String detach() throws Exception {
    Agent leaving = current;
    return leaving == null ? "nothing was replicated" : end(leaving);
  }

  private static String end(Agent leaving) throws Exception {
    Set<File> unseen = onAgentThread(leaving::endVisits);
    current = null;
    CONNECTIONS.reportToNobody();
    String result = onAgentThread(() -> leaving.leave(CONNECTIONS.all()));
    return unseen.isEmpty()
        ? result
        : result
            + "; open, and not replicated because no connection to it has run a statement: "
            + unseen.stream().map(File::getPath).collect(Collectors.joining(", "));
  }

  /**
   * How the databases do.
   *
   * @param form {@code json} or {@code rows}
   * @return see {@link StatusAnswer}
   */
  public static String status(String form) throws Exception {
    Agent agent = current;
    List<DbStatus> all = agent == null ? Collections.emptyList() : agent.statuses();
    AgentFacts facts = agent == null ? null : agent.facts();
    return onAgentThread(() -> StatusAnswer.of(facts, all, form.equals("json")));
  }

  /**
   * Carries out what somebody asks of the running agent.
   *
   * @param verb {@code sync}, {@code pause}, {@code resume}, {@code reload}, or what a later
   *     version may ask
   * @param argument as the verb needs it
   * @return a word, a colon and a sentence
   */
  public static String command(String verb, String argument) throws Exception {
    Agent agent = current;
    LiveCommands commands = agent == null ? null : agent.commands(START_MILLIS);
    switch (verb) {
      case "reload":
        return agent == null ? NOT_YET : reload(agent, argument);
      case "sync":
      case "pause":
      case "resume":
        return agent == null
            ? NOT_YET
            : commands == null ? STARTING : onAgentThread(() -> commands.carryOut(verb, argument));
      default:
        return "failed:its agent is of another version and does not know " + verb;
    }
  }

  /**
   * Ends the agent and begins anew, in one go.
   *
   * @param configPath empty for the one that it has
   */
  private static String reload(Agent leaving, String configPath) throws Exception {
    Agent next = new Agent(configPath.isEmpty() ? leaving.configPath() : configPath, CONNECTIONS);
    onAgentThread(
        () -> {
          next.read();
          return null;
        });
    String result = end(leaving);
    return onAgentThread(
        () -> {
          try {
            next.start();
            takeOver(next);
          } catch (Exception | Error e) {
            AgentLog.start(LogLevel.INFO)
                .error(
                    "the configuration was read again and the agent could not begin anew: {}."
                        + " Nothing is replicated in this process; attach the agent again",
                    e.toString());
            throw new IllegalStateException(
                "nothing is replicated from now on, since the agent could not begin anew: " + e, e);
          }
          return "done:the configuration counts from now on; before that: " + result;
        });
  }

  private static <T> T onAgentThread(Callable<T> work) throws Exception {
    FutureTask<T> task = new FutureTask<>(work);
    AgentThread.of(task, "walsync-attach").start();
    try {
      return task.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception ? (Exception) e.getCause() : e;
    }
  }
}
