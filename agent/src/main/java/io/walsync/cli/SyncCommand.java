package io.walsync.cli;

import io.walsync.config.GoDuration;
import java.io.File;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Model.CommandSpec;

/** {@code sync}: has a running JVM upload what is committed, and can wait for that. */
final class SyncCommand extends Command {

  /** What a caller may have to wait for who names no time. */
  private static final Duration USUAL_WAIT = Duration.ofMinutes(1);

  /** In one question, since whoever else attaches to that process waits meanwhile. */
  private static final long ONE_WAIT_MILLIS = 5_000;

  private final Console console;

  SyncCommand(Console console) {
    super("sync", "Have a running JVM upload what is committed.");
    this.console = console;
  }

  @Override
  String[] description() {
    return new String[] {
      "Has the agent in a running JVM of the same user upload what is committed by now without"
          + " waiting for the sync interval: of all its databases, or of one. With -wait the command"
          + " ends when that is in the store.",
      "",
      "  walsync sync 4711",
      "  walsync sync -wait 4711 /var/lib/app/app.db",
      "  walsync sync -wait -timeout 5m 4711",
      ""
    };
  }

  @Override
  void define(CommandSpec spec) {
    argument(spec, 0, "PID", "The process to ask.");
    argument(spec, 1, "DATABASE", "One database of it. Default: all.");
    flag(spec, "wait", "Wait until everything that was committed before is in the store.");
    value(spec, "timeout", "DURATION", "With -wait: how long at most. Default: 1m.");
  }

  @Override
  int run(Arguments arguments) throws Exception {
    boolean isWaiting = arguments.isSet("wait");
    String limit = arguments.text("timeout");
    if (limit != null && !isWaiting) {
      throw new UsageException("-timeout goes with -wait");
    }
    Duration timeout = limit == null ? USUAL_WAIT : LiveDuration.of("-timeout", limit);
    String path = arguments.argument(1);
    String database = path == null ? "" : new File(path).getAbsolutePath();
    AttachedJvm jvm = AttachedJvm.of(arguments.argument(0));
    long end = System.nanoTime() + timeout.toNanos();
    AgentAnswer answer = ask(jvm, "ask", isWaiting ? end : System.nanoTime(), database);
    while (isWaiting && answer.isStatus("pending") && System.nanoTime() - end < 0) {
      answer = ask(jvm, "await", end, database);
    }
    if (answer.isStatus("done")) {
      console.out.println(answer.text());
      return ExitCode.OK;
    } else if (!isWaiting && answer.isStatus("pending")) {
      console.out.println(answer.text() + "; it is being uploaded");
      return ExitCode.OK;
    }
    String tail =
        answer.isStatus("pending")
            ? ", after " + GoDuration.format(timeout) + "; the agent tries on"
            : "";
    console.err.println("walsync: " + answer.text() + tail);
    return ExitCode.NOT_REPLICATED;
  }

  private static AgentAnswer ask(AttachedJvm jvm, String verb, long endNanos, String database)
      throws Exception {
    long leftMillis = TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime());
    long waitMillis = Math.max(0, Math.min(ONE_WAIT_MILLIS, leftMillis));
    return jvm.ask("sync", verb + ":" + waitMillis + ":" + database).ofAnAgent();
  }
}
