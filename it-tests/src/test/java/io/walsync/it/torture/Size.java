package io.walsync.it.torture;

/** How large a database is at the beginning of its life. */
enum Size {
  /** A few pages, and no more turns than a build has time for. */
  TINY(0),
  /** A few pages. */
  SMALL(0),
  /** 12 MB: a scan of it takes long enough for others to write. */
  MEDIUM(3_000),
  /** 400 MB. */
  LARGE(100_000);

  private final int ballastRows;

  Size(int ballastRows) {
    this.ballastRows = ballastRows;
  }

  int ballastRows() {
    return ballastRows;
  }
}
