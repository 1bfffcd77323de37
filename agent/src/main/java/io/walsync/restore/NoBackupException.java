package io.walsync.restore;

/** The replica answered, and holds no file at all: there is nothing to restore. */
public final class NoBackupException extends RestoreException {

  private static final long serialVersionUID = 1L;

  public NoBackupException(String url) {
    super("no backup in " + url);
  }
}
