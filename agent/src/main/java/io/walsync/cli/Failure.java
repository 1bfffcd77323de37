package io.walsync.cli;

import io.walsync.config.ConfigException;
import io.walsync.io.Reason;
import io.walsync.ltx.LtxFormatException;
import io.walsync.replica.NoKeysException;
import io.walsync.replica.ReplicaException;
import io.walsync.restore.BrokenChainException;
import io.walsync.restore.DamagedFileException;
import io.walsync.restore.NoBackupException;
import io.walsync.restore.TargetNotReachableException;
import io.walsync.restore.TargetRefusedException;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.InvalidPathException;
import org.jspecify.annotations.Nullable;

/** What a failure means to the user: an exit code, what happened, and what to do. */
final class Failure {

  /** The agent looks again, since a role may come; whoever waits at a terminal has to act. */
  private static final String NO_KEYS =
      "; configure keys, or give the machine a role: in brackets stands what each place said";

  private final int exitCode;
  private final String message;

  private Failure(int exitCode, String message) {
    this.exitCode = exitCode;
    this.message = message;
  }

  int exitCode() {
    return exitCode;
  }

  /** Whether it is the user's to correct: where in the program it was found helps nobody. */
  boolean isUsers() {
    return exitCode == ExitCode.USAGE
        || exitCode == ExitCode.NO_BACKUP
        || exitCode == ExitCode.REFUSED
        || exitCode == ExitCode.NOT_REACHABLE;
  }

  /** One line; for a configuration one for each error in it. */
  String message() {
    return message;
  }

  /**
   * @param isForced whether -force was given
   */
  static Failure of(Exception e, boolean isForced) {
    String text = Reason.of(e);
    if (e instanceof ConfigException) {
      return new Failure(ExitCode.USAGE, text);
    }
    String message = text.replaceAll("\\s*[\r\n]+\\s*", " ");
    if (e instanceof NoBackupException) {
      return new Failure(
          ExitCode.NO_BACKUP,
          message
              + "; nothing was written. Check the path, or add -if-replica-exists where a start"
              + " without a backup is right");
    }
    String damage = damage(e);
    if (damage != null) {
      return new Failure(ExitCode.DAMAGED, message + damage);
    }
    if (e instanceof CheckNotPossibleException) {
      return new Failure(
          ExitCode.FAILED,
          message
              + "; nothing was written. Restore without -integrity-check (the files' checksums are"
              + " verified all the same) and run the PRAGMA in the application");
    }
    if (e instanceof TargetRefusedException) {
      boolean isReplaceable = ((TargetRefusedException) e).isReplaceable();
      return new Failure(ExitCode.REFUSED, message + refused(isReplaceable, isForced));
    }
    if (e instanceof TargetNotReachableException) {
      return new Failure(
          ExitCode.NOT_REACHABLE,
          message + "; nothing was written. List what there is: walsync ltx -level all");
    }
    return other(e, message);
  }

  /** What follows from a replica, or what is restored of it, that is not whole; null if it is. */
  private static @Nullable String damage(Exception e) {
    if (e instanceof BrokenChainException) {
      return brokenChain((BrokenChainException) e);
    }
    if (e instanceof DamagedFileException || e instanceof LtxFormatException) {
      return "; nothing was written. An older state may be whole: -txid or -timestamp";
    }
    return e instanceof FailedCheckException
        ? "; nothing was written. The database was damaged before it was replicated, or by"
            + " it: try an older state with -txid or -timestamp"
        : null;
  }

  private static String refused(boolean isReplaceable, boolean isForced) {
    if (isForced) {
      return "; nothing was written";
    }
    return "; nothing was written. Name another file with -o"
        + (isReplaceable ? ", or replace it with -force" : "");
  }

  private static String brokenChain(BrokenChainException e) {
    return e.before() == null
        ? "; nothing was written. The backup cannot be restored as it is"
        : "; nothing was written. What is whole can be restored with -txid " + e.before().maxTxid();
  }

  private static boolean hasNoKeys(Throwable failure) {
    Throwable cause = failure;
    while (cause != null && !(cause instanceof NoKeysException)) {
      cause = cause.getCause();
    }
    return cause != null;
  }

  private static Failure other(Exception e, String message) {
    if (e instanceof ReplicaException) {
      boolean isPermanent = ((ReplicaException) e).isPermanent();
      return new Failure(
          ExitCode.UNREADABLE,
          "the replica could not be read: "
              + message
              + (isPermanent ? "" : hasNoKeys(e) ? NO_KEYS : "; try again later"));
    }
    if (e instanceof IOException) {
      return new Failure(ExitCode.FAILED, message);
    }
    if (e instanceof InvalidPathException) {
      return new Failure(
          ExitCode.USAGE,
          "a file of that name cannot be reached in this locale ("
              + Charset.defaultCharset()
              + "): "
              + message
              + "; set LC_ALL=C.UTF-8");
    }
    return new Failure(ExitCode.FAILED, "unexpected failure: " + e);
  }
}
