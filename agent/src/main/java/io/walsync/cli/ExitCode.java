package io.walsync.cli;

/** What the exit code of the process tells a script. */
final class ExitCode {

  static final int OK = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;
  static final int NO_BACKUP = 3;
  static final int UNREADABLE = 4;
  static final int DAMAGED = 5;
  static final int REFUSED = 6;
  static final int NOT_REACHABLE = 7;
  static final int NOT_REPLICATED = 8;

  /** For the help, one line each. */
  static final String[] MEANINGS = {
    "0  done, or nothing to do as the options say",
    "1  failed for another reason, such as a full disk; a check of doctor's failed",
    "2  the command line or the configuration file is wrong",
    "3  there is no backup: the replica answered and is empty",
    "4  the replica could not be read; whether there is a backup is unknown",
    "5  the backup is damaged or incomplete, or the restored database failed its check",
    "6  the output is not to be written: it exists or is in use",
    "7  the backup does not have the TXID or time that was asked for",
    "8  a database is not replicated: refused or fenced (databases), or not now (status)",
  };

  private ExitCode() {}
}
