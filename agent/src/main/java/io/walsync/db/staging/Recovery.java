package io.walsync.db.staging;

import io.walsync.io.Disk;
import io.walsync.ltx.LtxDecoder;
import io.walsync.ltx.LtxFormatException;
import io.walsync.ltx.LtxHeader;
import io.walsync.replica.LtxFileInfo;
import java.io.BufferedInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes sense of a staging folder that an earlier process left, however it ended. */
public final class Recovery {

  private static final int BUFFER_BYTES = 64 * 1024;

  private final Disk disk;
  private final Staging staging;
  private final String replicaUrl;
  private final long maxAsideBytes;
  private boolean isOfThisReplica;
  private boolean isPutAside;
  private boolean isTakenBack;

  /** Why what lay in the folder was deleted; null if it was not. */
  private @Nullable String whyCleared;

  /**
   * @param maxAsideBytes of staged files that are kept of other replicas
   */
  public Recovery(Disk disk, Staging staging, String replicaUrl, long maxAsideBytes) {
    this.disk = disk;
    this.staging = staging;
    this.replicaUrl = replicaUrl;
    this.maxAsideBytes = maxAsideBytes;
  }

  /**
   * Forgets a state that cannot be trusted (another replica's, not fsynced before the machine went
   * down, with files missing or changed), and records files that a kill left unrecorded.
   *
   * @return what is wrong with the folder if it is damaged, else null
   */
  public @Nullable String run() throws IOException {
    changeReplica();
    Position position = staging.saved();
    String damage = staging.damage();
    if (position != null && isOfThisReplica(position)) {
      isOfThisReplica = true;
      if (!position.bootId().equals(BootId.of(disk))) {
        staging.marks().markEarlierBoot(true);
      }
      if (isTrusted(position)) {
        try {
          prove(position);
          return null;
        } catch (StagingDamagedException e) {
          damage = e.getMessage();
        } catch (IllegalArgumentException nameOfNoLtxFile) {
          damage = nameOfNoLtxFile.getMessage();
        }
      }
    }
    whyCleared = damage == null ? whyNotTrusted(position) : damage;
    staging.clear();
    return damage;
  }

  private boolean isOfThisReplica(Position position) {
    return !position.isProvisional() && position.replicaUrl().equals(replicaUrl);
  }

  /** What is of another replica is put aside, and what is aside of this one taken back. */
  private void changeReplica() throws IOException {
    Position position = staging.saved();
    boolean isOfAnother = position != null && !position.replicaUrl().equals(replicaUrl);
    AsideFolder aside = staging.aside();
    boolean isFree = position == null && staging.damage() == null;
    isTakenBack = (isFree || isOfAnother) && aside.isOf(replicaUrl);
    if (position != null && isOfAnother && !position.isProvisional()) {
      staging.marks().noteReplica(position.replicaUrl());
      aside.put(position.replicaUrl());
      staging.reload();
      isPutAside = true;
    }
    if (isTakenBack) {
      staging.clear();
      aside.takeBack(replicaUrl);
      staging.reload();
      staging.marks().forgetReplica();
    }
    aside.prune(maxAsideBytes);
  }

  /** Whether a readable position said that the database was replicated to this replica. */
  public boolean isOfThisReplica() {
    return isOfThisReplica;
  }

  /** Whether the folder was aside: since then the database was replicated elsewhere. */
  public boolean isTakenBack() {
    return isTakenBack;
  }

  private String whyNotTrusted(@Nullable Position position) {
    if (position == null) {
      return isPutAside ? "it was of another replica, and is put aside" : "it was empty";
    }
    return isOfThisReplica
        ? "the machine was started anew, and what it says was not on the disk for certain"
        : "it was of " + (position.isProvisional() ? "a restore" : position.replicaUrl());
  }

  /** What was made of the folder, in words; after {@link #run}. */
  public String describe() throws IOException {
    if (whyCleared != null) {
      return "nothing in it is gone on with: " + whyCleared;
    }
    Position position = staging.position();
    return "gone on with: sealed up to TXID "
        + position.sealedTxid()
        + ", uploaded up to "
        + position.uploadedTxid()
        + ", "
        + staging.sealed().list().size()
        + " sealed files and "
        + staging.segments().all().size()
        + " segments wait";
  }

  private boolean isTrusted(Position position) throws IOException {
    return position.isDurable() || position.bootId().equals(BootId.of(disk));
  }

  private void prove(Position position) throws IOException {
    staging.sealed().check(position);
    staging.segments().check(position.sealedSegmentSeq(), position.segmentSeq());
    staging.checksums().measure();
    boolean isTableAsSaved = staging.checksums().digest() == position.tableDigest();
    Position recorded = recordSealed(recordSegments(position));
    boolean isComplete = recorded == position;
    if (isComplete && !isTableAsSaved) {
      throw new StagingDamagedException(
          "the page checksums in " + staging.folder() + " are not those that were saved");
    }
    Position proved = isComplete ? position : recorded.withoutPlace();
    staging.save(proved.ofBoot(BootId.of(disk)));
  }

  private Position recordSegments(Position position) throws IOException {
    Position recorded = position;
    for (File segment : staging.segments().all()) {
      long seq = Segments.seqOf(segment);
      if (seq > recorded.segmentSeq()) {
        recorded = record(segment, recorded).segment(seq);
      }
    }
    return recorded;
  }

  private Position recordSealed(Position position) throws IOException {
    Position recorded = position;
    List<LtxFileInfo> sealed = staging.sealed().list();
    for (LtxFileInfo file : sealed) {
      if (file.maxTxid().value() > recorded.sealedTxid()) {
        File path = staging.sealed().fileOf(file);
        recorded = record(path, recorded).sealed(file.maxTxid(), 0);
      }
    }
    return recorded;
  }

  private Position record(File file, Position position) throws IOException {
    try (InputStream in = new BufferedInputStream(staging.read(file), BUFFER_BYTES)) {
      LtxDecoder decoder = new LtxDecoder(in, file.getPath());
      staging.checksums().record(decoder, (pgno, checksum, page) -> {});
      LtxHeader header = decoder.header();
      return position.captured(header.pageSize(), header.commit(), header.timestampMillis());
    } catch (LtxFormatException e) {
      throw new StagingDamagedException(e.getMessage(), e);
    }
  }
}
