package io.walsync.db.staging;

import io.walsync.io.AtomicFile;
import io.walsync.io.Disk;
import io.walsync.ltx.LtxDecoder;
import io.walsync.ltx.LtxEncoder;
import io.walsync.ltx.LtxFormatException;
import io.walsync.ltx.LtxHeader;
import io.walsync.ltx.LtxMerger;
import io.walsync.ltx.PageEncoding;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Merges all segments that have piled up while the store was busy or away into one L0 file, which
 * holds each page once, at its newest version. So the bytes to upload are bounded by the database's
 * size, however long the store was away.
 */
public final class Sealer {

  private static final int BUFFER_BYTES = 64 * 1024;

  /**
   * Most segments that are merged at once, since all are read together. More are merged in rounds.
   */
  private static final int MAX_INPUTS = 64;

  private final Disk disk;
  private final Staging staging;
  private final PageEncoding encoding;

  Sealer(Disk disk, Staging staging, PageEncoding encoding) {
    this.disk = disk;
    this.staging = staging;
    this.encoding = encoding;
  }

  /** Merges every segment into the L0 file of the next TXID. There must be at least one. */
  public void seal() throws IOException {
    Position position = staging.position();
    staging.segments().check(position.sealedSegmentSeq(), position.segmentSeq());
    compactTo(MAX_INPUTS);
    staging.seal(
        LtxFileInfo.LEVEL_L0,
        (target, txid) ->
            new Captured(merge(staging.segments().all(), target, txid, txid), staging.position()));
  }

  /**
   * Makes an L0 file without pages: the state is the newest one's, and the next TXID is taken, so
   * that no other writer gets it. There must be no segment.
   */
  public void sealEmpty() throws IOException {
    staging.seal(
        LtxFileInfo.LEVEL_L0,
        (target, txid) -> {
          Position position = staging.position();
          long now = staging.nextTimestampMillis();
          LtxHeader header =
              LtxHeader.builder()
                  .pageSize(position.pageSize())
                  .commit(position.commit())
                  .minTxid(txid)
                  .maxTxid(txid)
                  .timestampMillis(now)
                  .build();
          try (LtxFileWriter writer = staging.writer(target, header, encoding, true)) {
            writer.finish();
            return new Captured(
                writer.crc(), position.captured(position.pageSize(), position.commit(), now));
          }
        });
  }

  /**
   * Merges neighbouring segments until at most {@code count} are left: each round merges them all,
   * so that a page is written once a round, however many segments there are.
   */
  public void compactTo(int count) throws IOException {
    Segments segments = staging.segments();
    while (segments.all().size() > count) {
      List<File> all = segments.all();
      for (int from = 0; from < all.size(); from += MAX_INPUTS) {
        mergeGroup(all.subList(from, Math.min(from + MAX_INPUTS, all.size())));
      }
    }
  }

  private void mergeGroup(List<File> group) throws IOException {
    int last = group.size() - 1;
    if (last > 0) {
      File newest = group.get(last);
      merge(group, newest, null, Txid.of(Segments.seqOf(newest)));
      staging.segments().delete(group.subList(0, last));
    }
  }

  /**
   * @param min the lowest TXID of the merged file; null for that of the oldest segment
   * @return CRC-32 of the merged file
   */
  private long merge(List<File> segments, File target, @Nullable Txid min, Txid max)
      throws IOException {
    staging.requireRoom(segments.stream().mapToLong(File::length).sum());
    List<InputStream> streams = new ArrayList<>();
    try {
      List<LtxDecoder> decoders = new ArrayList<>();
      for (File segment : segments) {
        InputStream in = new BufferedInputStream(staging.read(segment), BUFFER_BYTES);
        streams.add(in);
        decoders.add(new LtxDecoder(in, segment.getPath()));
      }
      LtxHeader last = decoders.get(decoders.size() - 1).header();
      LtxMerger merger = new LtxMerger(decoders);
      Txid first = min == null ? merger.header().minTxid() : min;
      LtxHeader header = last.toBuilder().minTxid(first).maxTxid(max).build();
      return write(target, header, merger, Segments.oldestMillis(segments));
    } catch (LtxFormatException | EOFException e) {
      throw new StagingDamagedException(e.getMessage(), e);
    } finally {
      for (InputStream in : streams) {
        in.close();
      }
    }
  }

  /**
   * @param oldestMillis since when its oldest commit waits, which a start tells people
   */
  private long write(File target, LtxHeader header, LtxMerger merger, long oldestMillis)
      throws IOException {
    File temp = new File(target.getPath() + AtomicFile.TEMP_SUFFIX);
    CRC32 crc = new CRC32();
    try {
      try (OutputStream out = new CheckedOutputStream(disk.create(temp), crc)) {
        merger.mergeInto(new LtxEncoder(out, header, encoding));
      }
      temp.setLastModified(oldestMillis);
      disk.rename(temp, target);
    } finally {
      disk.delete(temp);
    }
    return crc.getValue();
  }
}
