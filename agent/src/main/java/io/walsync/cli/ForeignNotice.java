package io.walsync.cli;

import io.walsync.replica.LtxFileInfo;
import io.walsync.restore.RestoreProgress;
import java.io.PrintStream;

/** Says which files are left out, and nothing else. */
final class ForeignNotice implements RestoreProgress {

  private final PrintStream err;

  ForeignNotice(Console console) {
    this.err = console.err;
  }

  static void print(PrintStream err, LtxFileInfo file) {
    err.println(
        "walsync: WARN: not used: "
            + file
            + " is of another history of this database: its writer had been replaced by another"
            + " when it arrived. No restore needs it");
  }

  @Override
  public void foreign(LtxFileInfo file) {
    print(err, file);
  }
}
