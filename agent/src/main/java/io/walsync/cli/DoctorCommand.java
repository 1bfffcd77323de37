package io.walsync.cli;

import io.walsync.config.Config;
import io.walsync.config.ConfigException;
import io.walsync.config.ConfigLoader;
import io.walsync.config.ConfigPlace;
import io.walsync.config.ConfigText;
import io.walsync.config.DbConfig;
import io.walsync.config.UrlSecrets;
import io.walsync.config.UserPath;
import io.walsync.doctor.Diagnosis;
import io.walsync.doctor.Redaction;
import io.walsync.doctor.SupportFile;
import io.walsync.doctor.Verdict;
import io.walsync.io.Release;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code doctor}: looks whether everything that replication needs is there, and advises. */
final class DoctorCommand extends Command {

  private final Console console;
  private final Map<String, String> environment;
  private final ReplicaLookup lookup;
  private final ReplicaOpener opener;

  DoctorCommand(
      Console console,
      Map<String, String> environment,
      ReplicaLookup lookup,
      ReplicaOpener opener) {
    super("doctor", "Look whether databases, driver and store are as replication needs them.");
    this.console = console;
    this.environment = environment;
    this.lookup = lookup;
    this.opener = opener;
  }

  @Override
  String[] description() {
    return new String[] {
      "Looks at all databases and stores of the configuration; at one database; at one replica; or"
          + " at a running JVM, which is asked as status does it. A line for each check: ok, warn"
          + " or fail, what was found, and what to do about it. A store is written to: some objects"
          + " below walsync/doctor-..., which are removed again. Exit code 1 if a check failed, 0"
          + " if none did.",
      "",
      "  walsync doctor -config walsync.yml",
      "  walsync doctor 4711",
      "  walsync doctor s3://my-bucket/app",
      "  walsync doctor -config walsync.yml -bundle support.zip",
      ""
    };
  }

  @Override
  void define(CommandSpec spec) {
    argument(
        spec,
        0,
        "PID|DATABASE|URL",
        "A running JVM, a database in the configuration, or a replica. Default: the"
            + " configuration.");
    flag(spec, "json", "Print an array of JSON objects.");
    value(
        spec,
        "bundle",
        "FILE.zip",
        "Write what was found, the configuration and the versions into a new file, without"
            + " secrets.");
    configOptions(spec);
  }

  @Override
  int run(Arguments arguments) throws Exception {
    String target = arguments.argument();
    String bundle = arguments.text("bundle");
    if (bundle != null && new File(bundle).exists()) {
      throw new UsageException(bundle + " is there already; -bundle writes a new file");
    }
    Diagnosis diagnosis = new Diagnosis();
    Rounds rounds = new Rounds(diagnosis, opener);
    String status = null;
    if (target != null && target.matches("[0-9]{1,9}")) {
      AttachedJvm jvm = AttachedJvm.of(target);
      status = rounds.process(target, jvm, bundle != null);
      if (arguments.text("config") != null) {
        rounds.everything(lookup.config(arguments));
      }
    } else if (target != null && (isUrl(target) || ConfigLoader.folder(target) != null)) {
      rounds.replica(lookup.find(arguments).replica);
    } else {
      Config config = lookup.config(arguments);
      if (target == null) {
        rounds.everything(config);
      } else {
        File database = UserPath.absolute(UserPath.stripSqlitePrefix(target));
        rounds.database(config, entry(config, database), database);
      }
    }
    console.out.println(
        arguments.isSet("json") ? diagnosis.json() : String.join("\n", diagnosis.lines()));
    if (bundle != null) {
      writeBundle(new File(bundle), arguments, diagnosis, status);
    }
    return diagnosis.worst() == Verdict.FAIL ? ExitCode.FAILED : ExitCode.OK;
  }

  private static boolean isUrl(String target) {
    return ConfigPlace.of(target).isUrl() && !target.startsWith("sqlite");
  }

  private static DbConfig entry(Config config, File database) throws UsageException {
    DbConfig entry = config.match(database);
    if (entry == null) {
      throw new UsageException(database + " is in no entry of the configuration");
    }
    return entry;
  }

  private void writeBundle(
      File file, Arguments arguments, Diagnosis diagnosis, @Nullable String status)
      throws UsageException, IOException {
    Redaction redaction = new Redaction(environment);
    String target = arguments.argument();
    redaction.addAll(UrlSecrets.of(target == null ? "" : target));
    SupportFile support = new SupportFile(redaction);
    support.add("doctor.txt", String.join("\n", diagnosis.lines()) + "\n");
    support.add("doctor.json", diagnosis.json() + "\n");
    support.add("versions.txt", versions());
    if (status != null) {
      support.add("status.json", status + "\n");
    }
    ConfigPlace place = lookup.place(arguments);
    if (place != null && !place.isUrl()) {
      try {
        ConfigText text = ConfigText.of(place.file());
        redaction.addAll(text.secrets(environment));
        support.add("configuration.yml", text.toString());
      } catch (ConfigException e) {
        support.add("configuration.txt", "not readable: " + e.getMessage() + "\n");
      }
    } else if (place != null) {
      redaction.addAll(UrlSecrets.of(place.absolute()));
    }
    try {
      support.writeTo(file);
    } catch (FileAlreadyExistsException e) {
      throw new UsageException(file + " is there already; -bundle writes a new file");
    }
    console.err.println("walsync: wrote " + file + "; look at it before you pass it on");
  }

  private static String versions() {
    return "walsync "
        + Release.version()
        + "\nJava "
        + Release.java()
        + " of "
        + System.getProperty("java.vendor")
        + "\n"
        + System.getProperty("os.name")
        + " "
        + System.getProperty("os.version")
        + " on "
        + System.getProperty("os.arch")
        + "\n";
  }
}
