package io.walsync.db;

import io.walsync.io.AtomicFile;
import io.walsync.ltx.LtxDecoder;
import io.walsync.ltx.LtxEncoder;
import io.walsync.ltx.LtxHeader;
import io.walsync.ltx.LtxMerger;
import io.walsync.ltx.PageEncoding;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.staging.SavedPosition;
import io.walsync.staging.Staging;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes one L0 file of all segments that have piled up while the store was busy or away: each page
 * once, at its newest version. However long the store was away, what has to be uploaded is bounded
 * by the database's size.
 */
final class Sealer {

  private static final int BUFFER_BYTES = 64 * 1024;

  /** Merging reads every segment at once; beyond this many they are merged in rounds. */
  private static final int MAX_INPUTS = 64;

  private final Staging staging;
  private final PageEncoding encoding;

  Sealer(Staging staging, PageEncoding encoding) {
    this.staging = staging;
    this.encoding = encoding;
  }

  /** Merges every segment into the L0 file of the next TXID. There must be at least one. */
  LtxFileInfo seal() throws IOException {
    SavedPosition position = staging.position();
    compactTo(MAX_INPUTS);
    List<File> segments = staging.segments();
    Txid txid = Txid.of(position.sealedTxid + 1);
    File target = staging.sealed(LtxFileInfo.LEVEL_L0, txid, txid);
    merge(segments, target, txid);
    position.sealedTxid = txid.value();
    staging.save(position);
    staging.deleteSegments(segments);
    return new LtxFileInfo(
        LtxFileInfo.LEVEL_L0, txid, txid, target.length(), position.timestampMillis);
  }

  /** Merges the oldest segments until at most {@code count} are left. */
  void compactTo(int count) throws IOException {
    List<File> segments = staging.segments();
    while (segments.size() > count) {
      List<File> oldest =
          new ArrayList<>(segments.subList(0, Math.min(MAX_INPUTS, segments.size())));
      File newest = oldest.get(oldest.size() - 1);
      merge(oldest, newest, Txid.of(Staging.seqOf(newest)));
      staging.deleteSegments(oldest.subList(0, oldest.size() - 1));
      segments = staging.segments();
    }
  }

  private void merge(List<File> segments, File target, Txid txid) throws IOException {
    File temp = new File(target.getPath() + AtomicFile.TEMP_SUFFIX);
    List<InputStream> streams = new ArrayList<>();
    try {
      List<LtxDecoder> decoders = new ArrayList<>();
      for (File segment : segments) {
        InputStream in = new BufferedInputStream(new FileInputStream(segment), BUFFER_BYTES);
        streams.add(in);
        decoders.add(new LtxDecoder(in, segment.getPath()));
      }
      LtxHeader last = decoders.get(decoders.size() - 1).header();
      LtxMerger merger = new LtxMerger(decoders);
      LtxHeader header = last.toBuilder().minTxid(txid).maxTxid(txid).build();
      try (FileOutputStream out = new FileOutputStream(temp)) {
        merger.mergeInto(
            new LtxEncoder(new BufferedOutputStream(out, BUFFER_BYTES), header, encoding));
      }
      AtomicFile.rename(temp, target);
    } finally {
      for (InputStream in : streams) {
        in.close();
      }
      temp.delete();
    }
  }
}
