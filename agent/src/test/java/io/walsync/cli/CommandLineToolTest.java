package io.walsync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineToolTest {

  @TempDir Path folder;
  private Shell shell;

  @BeforeEach
  void open() {
    shell = new Shell(folder);
  }

  @Test
  void withoutACommandTheCommandsAreListed() {
    Shell.Outcome outcome = shell.run();

    assertThat(outcome.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(outcome.out()).contains("Usage: walsync <command> [options] [argument]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"help", "-h", "-help", "--help"})
  void theHelpNamesEveryCommandAndExitCode(String word) {
    Shell.Outcome outcome = shell.run(word);

    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.out())
        .contains("  restore ", "  ltx ", "  databases ", "  version ", "  help ")
        .contains(ExitCode.MEANINGS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"restore", "ltx", "databases", "version"})
  void everyCommandShowsItsOptionsOnRequest(String command) {
    Shell.Outcome help = shell.run("help", command);

    assertThat(help.exitCode()).isZero();
    assertThat(help.out()).startsWith("Usage: walsync " + command + " [options]");
    assertThat(help.out()).contains("-verbose").contains(ExitCode.MEANINGS);
    assertThat(shell.run(command, "-h")).isEqualTo(help);
    assertThat(shell.run(command, "-help")).isEqualTo(help);
    assertThat(shell.run(command, "--help")).isEqualTo(help);
    assertThat(help.out().lines()).allMatch(line -> line.length() <= 100);
  }

  @Test
  void theHelpOfRestoreNamesEveryOption() {
    assertThat(shell.run("help", "restore").out())
        .contains("DATABASE|FOLDER|URL", "-o  FILE", "-config FILE", "-no-expand-env", "-txid HEX")
        .contains("-timestamp TIME", "-if-replica-exists", "-if-db-not-exists", "-force")
        .contains("-dry-run", "-integrity-check none|quick|full", "-parallelism N", "-json")
        .contains("$NAME and ${NAME}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "backup | unknown command backup; there are restore, ltx, timeline, verify, compact, snapshot, prune, pin, pins, unpin, databases, doctor, attach, detach, status, sync, pause, resume, reload, version, help",
        "help backup | unknown command backup; there are restore, ltx, timeline, verify, compact, snapshot, prune, pin, pins, unpin, databases, doctor, attach, detach, status, sync, pause, resume, reload, version, help",
        "restore | restore: name a database, or the folder or URL of a replica (see: walsync help restore)",
        "restore a b | restore: one argument too many: b (see: walsync help restore)",
        "restore -forc a | restore: unknown option -forc; did you mean -force? (see: walsync help"
            + " restore)",
        "restore --forc a | restore: unknown option -forc; did you mean -force? (see: walsync"
            + " help restore)",
        "restore -jsn=x a | restore: unknown option -jsn=x; did you mean -json? (see: walsync"
            + " help restore)",
        "restore -follow a | restore: unknown option -follow (see: walsync help restore)",
        "restore a -o | restore: missing required parameter for option '-o' (FILE) (see: walsync"
            + " help restore)",
        "restore -o -force a | restore: expected parameter for option '-o' but found '-force'"
            + " (see: walsync help restore)",
        "restore -o a -o b c | restore: option '-o' (FILE) should be specified only once (see:"
            + " walsync help restore)",
        "restore s3://b/p | restore: a replica's folder or URL needs -o FILE (see: walsync help restore)",
        "restore s3://b/p -config x | restore: a replica's folder or URL needs no -config (see: walsync"
            + " help restore)",
        "restore -txid 1 s3://b/p | restore: -txid must be 16 hex digits and not zero, not 1"
            + " (see: walsync help restore)",
        "restore -txid 0000000000000000 x | restore: -txid must be 16 hex digits and not zero,"
            + " not 0000000000000000 (see: walsync help restore)",
        "restore -timestamp now x | restore: -timestamp must be a time with a zone such as"
            + " 2026-01-31T12:00:00Z, not now (see: walsync help restore)",
        "restore -timestamp 2026-01-31T12:00:00 x | restore: -timestamp must be a time with a"
            + " zone such as 2026-01-31T12:00:00Z, not 2026-01-31T12:00:00 (see: walsync help"
            + " restore)",
        "restore -txid 0000000000000001 -timestamp 2026-01-31T12:00:00Z x | restore: -txid and"
            + " -timestamp exclude each other (see: walsync help restore)",
        "restore -parallelism 0 x | restore: -parallelism must be a number from 1 to 32, not 0"
            + " (see: walsync help restore)",
        "restore -parallelism many x | restore: -parallelism must be a number from 1 to 32, not"
            + " many (see: walsync help restore)",
        "restore -integrity-check deep x | restore: -integrity-check must be none, quick or full,"
            + " not deep (see: walsync help restore)",
        "restore gs://b/p -o x | url: replicas of type gs cannot be written yet; those that can"
            + " are s3 and file",
        "ltx | ltx: name a database, or the folder or URL of a replica (see: walsync help ltx)",
        "ltx -level 10 x | ltx: -level must be a number from 0 to 9, not 10 (see: walsync help"
            + " ltx)",
        "ltx -level some x | ltx: -level must be a number from 0 to 9, not some (see: walsync help"
            + " ltx)",
        "databases x | databases: one argument too many: x (see: walsync help databases)",
        "databases -level 1 | databases: unknown option -level (see: walsync help databases)",
        "version x | version: one argument too many: x (see: walsync help version)",
        "databases -config /nowhere/c.yml | /nowhere/c.yml: there is no such configuration file",
      })
  void aMistakeInTheCommandLineIsOneLineAndExitCode2(String line, String message) {
    Shell.Outcome outcome = shell.run(line.split(" "));

    assertThat(outcome.err()).isEqualTo("walsync: " + message + "\n");
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(outcome.out()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"version", "-version", "--version"})
  void theVersionIsShown(String word) {
    Shell.Outcome outcome = shell.run(word);

    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out()).startsWith("walsync ");
    assertThat(outcome.err()).isEmpty();
  }

  @Test
  void theStackTraceIsForThoseWhoAskAndNotForTheirOwnMistakes() throws Exception {
    Files.createDirectories(folder.resolve("replica/ltx"));
    Files.createFile(folder.resolve("replica/ltx/0"));
    String replica = folder.resolve("replica").toString();
    assertThat(shell.run("ltx", replica).err().lines()).hasSize(1);
    assertThat(shell.run("ltx", "-verbose", replica).err())
        .contains("ReplicaException", "\tat io.walsync");
    String[] mistake = {"ltx", "-verbose", "-config", folder + "/nowhere.yml", "/a.db"};
    assertThat(shell.run(mistake).err().lines()).hasSize(1);
  }
}
