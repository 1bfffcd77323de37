package io.walsync.cli;

import io.walsync.config.NearestKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Finds the command, reads its options, runs it, and turns every failure into one line. */
final class CommandLineTool {

  private static final List<String> HELP = Arrays.asList("help", "-h", "-help", "--help");

  private final Console console;
  private final Command[] commands;

  CommandLineTool(Console console, Map<String, String> environment, ReplicaOpener opener) {
    this.console = console;
    ReplicaLookup lookup = new ReplicaLookup(console, environment);
    commands =
        new Command[] {
          new RestoreCommand(console, environment, lookup, opener),
          new LtxCommand(console, lookup, opener),
          new TimelineCommand(console, lookup, opener),
          new VerifyCommand(console, environment, lookup, opener),
          new CompactCommand(console, lookup, opener),
          new SnapshotCommand(console, lookup, opener),
          new PruneCommand(console, lookup, opener),
          new PinCommand(console, lookup, opener),
          new PinsCommand(console, lookup, opener),
          new UnpinCommand(console, lookup, opener),
          new DatabasesCommand(console, lookup),
          new DoctorCommand(console, environment, lookup, opener),
          new AttachCommand(console, environment),
          new DetachCommand(console),
          new StatusCommand(console),
          new SyncCommand(console),
          new PauseCommand(console),
          new ResumeCommand(console),
          new ReloadCommand(console),
          new VersionCommand(console),
        };
  }

  /**
   * @return one of {@link ExitCode}
   */
  int run(String[] args) {
    try {
      if (args.length == 0) {
        printCommands();
        return ExitCode.USAGE;
      }
      if (HELP.contains(args[0])) {
        return help(args.length > 1 ? args[1] : null);
      }
      boolean isVersion = args[0].equals("-version") || args[0].equals("--version");
      Command command = find(isVersion ? "version" : args[0]);
      return run(command, Arrays.copyOfRange(args, 1, args.length));
    } catch (UsageException e) {
      console.err.println("walsync: " + e.getMessage());
      return ExitCode.USAGE;
    } finally {
      console.out.flush();
    }
  }

  private int run(Command command, String[] args) throws UsageException {
    CommandLine parser = parser(command);
    ParseResult result;
    try {
      result = parser.parseArgs(withOneDash(args));
    } catch (ParameterException e) {
      throw new UsageException(
          command.name() + ": " + problem(e) + " (see: walsync help " + command.name() + ")");
    }
    Arguments arguments = new Arguments(result);
    if (arguments.isSet("help")) {
      printUsage(command, parser);
      return ExitCode.OK;
    }
    try {
      return command.run(arguments);
    } catch (UsageException e) {
      throw new UsageException(
          command.name() + ": " + e.getMessage() + " (see: walsync help " + command.name() + ")");
    } catch (Exception e) {
      Failure failure = Failure.of(e, arguments.isForced());
      for (String line : failure.message().split("\n")) {
        console.err.println("walsync: " + line);
      }
      if (arguments.isSet("verbose") && !failure.isUsers()) {
        e.printStackTrace(console.err);
      }
      return failure.exitCode();
    } catch (OutOfMemoryError e) {
      console.err.println(
          "walsync: not enough memory: the heap is limited to "
              + (Runtime.getRuntime().maxMemory() >> 20)
              + " MiB; allow more, as in java -Xmx1g -jar walsync-agent.jar "
              + command.name());
      return ExitCode.FAILED;
    }
  }

  private static CommandLine parser(Command command) {
    // Our options are text; looking for Groovy and converters of dates and paths takes 20 ms.
    System.setProperty("picocli.disable.closures", "true");
    System.setProperty("picocli.converters.excludes", "java.*");
    return new CommandLine(command.spec())
        .setPosixClusteredShortOptionsAllowed(false)
        .setExpandAtFiles(false)
        .setOverwrittenOptionsAllowed(false)
        .setUnmatchedOptionsArePositionalParams(false);
  }

  /** Go's flags take one dash or two; the options are declared with one. */
  private static String[] withOneDash(String[] args) {
    String[] result = args.clone();
    for (int i = 0; i < result.length && !result[i].equals("--"); i++) {
      if (result[i].startsWith("--") && result[i].length() > 2) {
        result[i] = result[i].substring(1);
      }
    }
    return result;
  }

  private static String problem(ParameterException e) {
    if (e instanceof UnmatchedArgumentException) {
      String word = ((UnmatchedArgumentException) e).getUnmatched().get(0);
      return word.startsWith("-")
          ? "unknown option " + word + suggestion(word, e.getCommandLine())
          : "one argument too many: " + word;
    }
    String message = String.valueOf(e.getMessage());
    return message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
  }

  private static String suggestion(String word, CommandLine parser) {
    List<String> known = new ArrayList<>();
    for (OptionSpec option : parser.getCommandSpec().options()) {
      known.add(option.longestName().substring(1));
    }
    int equals = word.indexOf('=');
    String nearest = NearestKey.find(word.substring(1, equals < 0 ? word.length() : equals), known);
    return nearest == null ? "" : "; did you mean -" + nearest + "?";
  }

  private Command find(String name) throws UsageException {
    for (Command command : commands) {
      if (command.name().equals(name)) {
        return command;
      }
    }
    StringBuilder known = new StringBuilder();
    for (Command command : commands) {
      known.append(known.length() == 0 ? "" : ", ").append(command.name());
    }
    throw new UsageException("unknown command " + name + "; there are " + known + ", help");
  }

  private int help(@Nullable String name) throws UsageException {
    if (name == null) {
      printCommands();
    } else {
      Command command = find(name);
      printUsage(command, parser(command));
    }
    return ExitCode.OK;
  }

  private void printUsage(Command command, CommandLine parser) {
    parser
        .getCommandSpec()
        .usageMessage()
        .customSynopsis("walsync " + command.name() + " [options]" + argumentLabel(parser))
        .footer(exitCodes())
        .sortOptions(false)
        .width(100)
        .autoWidth(false);
    parser.setSeparator(" ");
    parser.usage(console.out, CommandLine.Help.Ansi.OFF);
  }

  private static String argumentLabel(CommandLine parser) {
    StringBuilder labels = new StringBuilder();
    for (PositionalParamSpec argument : parser.getCommandSpec().positionalParameters()) {
      labels.append(' ').append(argument.paramLabel());
    }
    return labels.toString();
  }

  private static String[] exitCodes() {
    String[] footer = new String[ExitCode.MEANINGS.length + 2];
    footer[0] = "";
    footer[1] = "Exit codes:";
    for (int i = 0; i < ExitCode.MEANINGS.length; i++) {
      footer[i + 2] = "  " + ExitCode.MEANINGS[i];
    }
    return footer;
  }

  private void printCommands() {
    console.out.println("Walsync restores what its agent or Litestream v0.5 has replicated.");
    console.out.println();
    console.out.println("Usage: walsync <command> [options] [argument]");
    console.out.println("       (walsync stands for: java -jar walsync-agent.jar)");
    console.out.println();
    for (Command command : commands) {
      StringBuilder line = new StringBuilder("  ").append(command.name());
      while (line.length() < 14) {
        line.append(' ');
      }
      console.out.println(line.append(command.summary()));
    }
    console.out.println("  help        Show the options of a command: walsync help <command>");
    for (String line : exitCodes()) {
      console.out.println(line);
    }
  }
}
