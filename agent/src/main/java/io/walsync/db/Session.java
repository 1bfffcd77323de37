package io.walsync.db;

import io.walsync.capture.DatabaseFile;
import io.walsync.capture.DatabaseImage;
import io.walsync.capture.FileIdentity;
import io.walsync.capture.WalChangedException;
import io.walsync.checkpoint.Checkpointer;
import io.walsync.checkpoint.Turnstile;
import io.walsync.config.JournalMode;
import io.walsync.ltx.PageEncoding;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.sqlite.HostConnection;
import io.walsync.sqlite.HostDriver;
import io.walsync.staging.SavedPosition;
import io.walsync.staging.Staging;
import java.io.File;
import java.io.IOException;
import java.sql.SQLException;

/**
 * The local state of one database and, while the application has it open, the hold on it. Knows how
 * to begin, go on, catch up and let go; when to is the {@link DutyCycle}'s.
 *
 * <p>Threading: one thread at a time, the database's.
 */
final class Session {

  enum Start {
    REPLICATING,
    /** There is no local state: what the replica has must be known first. */
    REPLICA_UNKNOWN,
    /** The database has no page yet. */
    NOT_YET
  }

  /**
   * A scan of the whole database starts over when somebody restarts the WAL under it; writers
   * cannot do so forever.
   */
  private static final int MAX_SCANS = 5;

  private final DbSettings settings;
  private final Turnstile turnstile;
  private final Uploader uploader;
  private final Announcements announce;
  private final File path;
  private final PageEncoding encoding;
  private Staging staging;
  private Sealer sealer;
  private Hold hold;
  private Capture capture;
  private Checkpointer checkpointer;
  private long lastRunBytes;

  Session(DbSettings settings, Turnstile turnstile, Uploader uploader, Announcements announce) {
    this.announce = announce;
    this.settings = settings;
    this.turnstile = turnstile;
    this.uploader = uploader;
    this.path = settings.path();
    this.encoding = settings.config().pageEncoding();
  }

  // ---- local state

  Staging staging() {
    return staging;
  }

  SavedPosition position() {
    return staging.position();
  }

  /** Whether the replica's place in the chain is known. */
  boolean isInitialised() {
    return staging != null && staging.position() != null;
  }

  private void openStaging() throws IOException {
    if (staging != null) {
      return;
    }
    Staging opened = Staging.open(settings.stagingFolder());
    if (opened == null) {
      throw new IOException(
          "another process replicates this database (it holds "
              + settings.stagingFolder()
              + "); this one leaves it alone");
    }
    staging = opened;
    sealer = new Sealer(staging, encoding);
    new Recovery(staging, settings.replicaUrl()).run();
    uploader.adopt(staging);
  }

  /** The replica is empty: the first snapshot will be TXID 1. */
  void initialise() throws IOException {
    SavedPosition position = new SavedPosition();
    position.replicaUrl = settings.replicaUrl();
    position.bootId = Recovery.bootId();
    // A segment's TXID is its number, and an LTX file of TXID 1 would have to be a snapshot.
    position.segmentSeq = 1;
    staging.save(position);
  }

  /** The replica has lost files: the next thing it gets is a snapshot. */
  void startAnew() throws IOException {
    SavedPosition position = staging.position();
    position.pageSize = 0;
    staging.save(position);
    abandon();
  }

  void saveDurably() throws IOException {
    if (isInitialised()) {
      staging.saveDurably();
    }
  }

  // ---- beginning and letting go

  /**
   * Takes hold of a database that the application has open, and catches up with it.
   *
   * @throws SQLException BUSY while somebody holds it exclusively
   */
  Start start(HostDriver driver) throws IOException, SQLException {
    openStaging();
    closeHold();
    DatabaseFile file = DatabaseFile.of(path);
    if (file.pageSize() == 0) {
      return Start.NOT_YET;
    }
    if (!file.isWalMode()) {
      switchToWal(driver);
    }
    if (!isInitialised()) {
      return Start.REPLICA_UNKNOWN;
    }
    hold = new Hold(path, file, file.pageSize(), driver);
    capture = hold.capture(staging, encoding);
    checkpointer = hold.checkpointer(turnstile, capture);
    hold.pins().take();
    if (!hold.continueFrom(position())) {
      catchUp();
    }
    return Start.REPLICATING;
  }

  private void switchToWal(HostDriver driver) throws SQLException {
    if (settings.config().journalMode() != JournalMode.WAL) {
      throw new SQLException(
          "the database is in rollback-journal mode and its entry says journal-mode: keep;"
              + " only WAL databases can be replicated");
    }
    try (HostConnection connection = driver.open(path)) {
      String mode = connection.switchToWal();
      if (!"wal".equals(mode)) {
        throw new SQLException("the database stays in journal mode " + mode);
      }
    }
    Announcements.LOG.info("{}: switched from a rollback journal to WAL", path);
  }

  /**
   * Copies the tail and leaves the database to the application; what it leaves behind can still be
   * read.
   */
  void letGo(boolean isLastClose) throws IOException {
    if (hold == null && isLastClose && isInitialised()) {
      followClose();
    }
    if (hold == null) {
      return;
    }
    try {
      capture.copy();
    } catch (WalChangedException gap) {
      forgetPlace();
    } finally {
      hold.releasePins();
    }
  }

  /**
   * A connection that was open only for a moment: its WAL is read without a pin, through a file
   * that stays open.
   */
  private void followClose() throws IOException {
    DatabaseFile file = DatabaseFile.of(path);
    Hold following = new Hold(path, file, Math.max(512, file.pageSize()), null);
    if (file.pageSize() == 0 || !following.continueFrom(position())) {
      following.close();
      return;
    }
    hold = following;
    capture = hold.capture(staging, encoding);
  }

  /**
   * The application has closed its last connection: takes in what that left behind.
   *
   * @return whether it is known what the replica lacks, and staged
   */
  Start settleAfterClose(HostDriver driver) throws IOException, SQLException {
    if (!hasContent()) {
      closeHold();
      return Start.NOT_YET;
    }
    openStaging();
    if (hold != null) {
      settleHold();
    }
    if (!DatabaseFile.of(path).isWalMode()) {
      switchToWal(driver);
    }
    if (!isInitialised()) {
      return Start.REPLICA_UNKNOWN;
    }
    SavedPosition position = position();
    boolean isKnown =
        position.wal == null
            ? FileIdentity.of(path).text().equals(position.closedDatabase)
            : Hold.hasWal(path);
    if (!isKnown) {
      catchUpClosed();
    }
    return Start.REPLICATING;
  }

  /** Whether there is a database, however small. */
  boolean hasContent() {
    return path.length() > 0;
  }

  private void settleHold() throws IOException {
    try {
      hold.releasePins();
      capture.copy();
      if (!Hold.hasWal(path)) {
        position().wal = null;
        position().closedDatabase = FileIdentity.of(path).text();
        staging.save(position());
      }
    } catch (WalChangedException gap) {
      forgetPlace();
    } finally {
      closeHold();
    }
  }

  private void forgetPlace() throws IOException {
    position().wal = null;
    position().closedDatabase = "";
    staging.save(position());
  }

  private void catchUpClosed() throws IOException {
    DatabaseFile file = DatabaseFile.of(path);
    if (file.pageSize() == 0 || !file.isWalMode() || Hold.hasWal(path)) {
      return;
    }
    FileIdentity before = FileIdentity.of(path);
    try (Hold closed = new Hold(path, file, file.pageSize(), null)) {
      stage(closed.image());
    }
    if (FileIdentity.of(path).isUnchanged(before) && !Hold.hasWal(path)) {
      position().closedDatabase = before.text();
    }
    position().wal = null;
    staging.save(position());
  }

  // ---- catching up

  /** After a gap: what differs from the replica is staged, under the pin that stands. */
  void resynchronise() throws IOException {
    forgetPlace();
    catchUp();
  }

  private void catchUp() throws IOException {
    for (int scan = 1; ; scan++) {
      try {
        DatabaseImage image = hold.image();
        stage(image);
        if (image.end() != null && !hold.tail().isIntact()) {
          throw new WalChangedException("the WAL was restarted during a scan of the database");
        }
        hold.tail().taken();
        position().wal = image.end();
        position().closedDatabase = "";
        staging.save(position());
        return;
      } catch (WalChangedException e) {
        if (scan == MAX_SCANS) {
          throw e;
        }
      }
    }
  }

  /** Stages a first snapshot, or the pages that differ from what is staged or uploaded already. */
  private void stage(DatabaseImage image) throws IOException {
    SavedPosition position = position();
    long now = Math.max(System.currentTimeMillis(), position.timestampMillis);
    ImageWriter writer = new ImageWriter(image, encoding);
    if (position.pageSize != image.pageSize()) {
      for (File outdated : staging.segments()) {
        outdated.delete();
      }
      Txid txid = Txid.of(position.sealedTxid + 1);
      File target = staging.sealed(LtxFileInfo.LEVEL_SNAPSHOT, Txid.FIRST, txid);
      writer.writeSnapshot(target, txid, now, staging.checksums());
      position.sealedTxid = txid.value();
      position.pageSize = image.pageSize();
      uploader.add(
          new LtxFileInfo(LtxFileInfo.LEVEL_SNAPSHOT, Txid.FIRST, txid, target.length(), now));
    } else {
      long seq = position.segmentSeq + 1;
      int pageCount =
          writer.writeDifference(
              staging.segment(seq), Txid.of(seq), now, staging.checksums(), position.commit);
      if (pageCount < 0) {
        return;
      }
      position.segmentSeq = seq;
      Announcements.LOG.info(
          "{}: {} of {} pages changed while nobody was looking; only they are uploaded",
          path,
          pageCount,
          image.commit());
    }
    position.commit = image.commit();
    position.timestampMillis = now;
    staging.save(position);
  }

  // ---- steady state

  /** Takes in new commits; returns whether there were any. */
  boolean advance() throws IOException, SQLException {
    boolean hasCommits = capture.advance();
    if (capture.runBytes() < lastRunBytes) {
      checkpointer.restarted();
    }
    lastRunBytes = capture.runBytes();
    if (hasCommits) {
      checkpointer.committed();
      if (!hold.pins().isFirm()) {
        hold.pins().advance(true);
      }
    }
    return hasCommits;
  }

  long runBytes() {
    return capture.runBytes();
  }

  /**
   * Checkpoints if it is time, and the staging folder has room for what a restart of the WAL would
   * cost.
   */
  void checkpoint(double bytesPerSecond, long nowNanos) throws Exception {
    if (checkpointer.isDue(capture.runBytes(), bytesPerSecond, nowNanos) && hasRoom()) {
      checkpointer.run(capture.runBytes(), bytesPerSecond);
    }
  }

  /**
   * A restart of the WAL needs its content staged first; without room the WAL has to grow instead.
   */
  private boolean hasRoom() throws IOException {
    long bound = settings.config().stagingMaxBytes();
    if (staging.stagedBytes() >= bound) {
      sealer.compactTo(1);
    }
    boolean hasRoom = staging.stagedBytes() < bound;
    announce.staging(hasRoom, staging.folder(), bound);
    return hasRoom;
  }

  /** Whether the store does not have everything that was committed, sealed files aside. */
  boolean hasPending() {
    return capture != null && capture.hasBatch() || hasStaged();
  }

  boolean hasStaged() {
    return staging != null && !staging.segments().isEmpty();
  }

  /** The next L0 file, or null if nothing was committed since the last. */
  LtxFileInfo seal() throws IOException {
    boolean hasBatch = hold != null && hold.pins().isHeld() && capture.hasBatch();
    if (!hasStaged()) {
      return hasBatch ? capture.sealDirectly() : null;
    }
    if (hasBatch) {
      capture.copy();
    }
    LtxFileInfo sealed = sealer.seal();
    return sealed;
  }

  /**
   * @throws IOException if the file was replaced or deleted under the application
   */
  void checkStillThere() throws IOException {
    if (!hold.file().isAt(path)) {
      throw new IOException("the database file was replaced or deleted while it was open");
    }
  }

  /** Lets everything go after a failure; the saved position tells what to do next time. */
  void abandon() {
    try {
      closeHold();
    } catch (IOException nothingToLose) {
      hold = null;
    }
  }

  private void closeHold() throws IOException {
    if (hold != null) {
      Hold closing = hold;
      hold = null;
      capture = null;
      checkpointer = null;
      closing.close();
    }
  }

  /** Ends for good. */
  void close() throws IOException {
    closeHold();
    if (staging != null) {
      staging.close();
      staging = null;
    }
  }

  String describePending(String state) {
    Staging open = staging;
    if (open == null || open.position() == null) {
      return "nothing uploaded yet (" + state + ")";
    }
    return open.stagedBytes()
        + " bytes staged in "
        + open.folder()
        + ", store has TXID "
        + Txid.of(Math.max(1, open.position().uploadedTxid))
        + " ("
        + state
        + ")";
  }
}
