package io.walsync.cli;

import java.time.Duration;
import picocli.CommandLine.Model.CommandSpec;

/** {@code pause}: has a running JVM upload nothing for a while. */
final class PauseCommand extends Command {

  private static final String USUAL = "10m";

  private final Console console;

  PauseCommand(Console console) {
    super("pause", "Have a running JVM upload nothing for a while.");
    this.console = console;
  }

  @Override
  String[] description() {
    return new String[] {
      "The agent in a running JVM of the same user uploads and merges nothing for that time, and"
          + " goes on by itself. Commits are captured and kept on that machine, within the bounds of"
          + " an outage; a WARN line there says so, and status shows the databases as paused. At the"
          + " end of the process, or of the agent, they are uploaded all the same. Another pause sets"
          + " another end.",
      "",
      "  walsync pause 4711",
      "  walsync pause -for 30m 4711",
      "  walsync resume 4711",
      ""
    };
  }

  @Override
  void define(CommandSpec spec) {
    argument(spec, 0, "PID", "The process to ask.");
    value(spec, "for", "DURATION", "For how long, 1s to 24h. Default: " + USUAL + ".");
  }

  @Override
  int run(Arguments arguments) throws Exception {
    String text = arguments.text("for");
    Duration duration = LiveDuration.of("-for", text == null ? USUAL : text);
    AttachedJvm jvm = AttachedJvm.of(arguments.argument(0));
    console.out.println(jvm.ask("pause", String.valueOf(duration.toMillis())).ofAnAgent().text());
    return ExitCode.OK;
  }
}
