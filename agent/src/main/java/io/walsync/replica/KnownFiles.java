package io.walsync.replica;

import io.walsync.ltx.Txid;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What one replica holds, as far as its writer knows: what a listing found, and each file stored
 * since. Nothing is asked of the store for it.
 *
 * <p>Of the files whose TXIDs the next level holds as well, the newest {@value #MOST_COVERED} of
 * each level are remembered: some 150 bytes each. Whoever needs all of them lists the replica.
 *
 * <p>Threading: safe.
 */
public final class KnownFiles {

  static final int MOST_COVERED = 1_024;

  /** A day of commits that nobody merges; beyond it the replica is listed when it is needed. */
  static final int MOST_OF_A_LEVEL = 100_000;

  private static final Comparator<LtxFileInfo> BY_NAME =
      Comparator.comparing(LtxFileInfo::minTxid).thenComparing(LtxFileInfo::maxTxid);

  private final int top;
  private final List<NavigableSet<LtxFileInfo>> levels = new ArrayList<>();
  private boolean isKnown;

  /** Those that are under way. */
  private final Set<Listing> listings = Collections.newSetFromMap(new IdentityHashMap<>());

  /** A listing that has begun, and what has changed since, of which it may say one or the other. */
  public static final class Listing {
    private final List<LtxFileInfo> stored = new ArrayList<>();
    private final List<LtxFileInfo> deleted = new ArrayList<>();

    private Listing() {}
  }

  /**
   * @param top the highest level that is merged into: its files are covered by a snapshot alone
   */
  public KnownFiles(int top) {
    this.top = top;
    for (int ignored : LtxFileInfo.levels()) {
      levels.add(new TreeSet<>(BY_NAME));
    }
  }

  /**
   * A listing begins, beside which files may be stored and deleted, and others may be listed. It is
   * to be given to {@link #listed}, or {@link #failed}.
   */
  public synchronized Listing listing() {
    Listing begun = new Listing();
    listings.add(begun);
    return begun;
  }

  /**
   * @param files all that the replica holds
   */
  public synchronized void listed(Listing listing, List<LtxFileInfo> files) {
    levels.forEach(NavigableSet::clear);
    isKnown = true;
    files.forEach(this::add);
    listing.stored.forEach(this::add);
    listing.deleted.forEach(this::remove);
    listings.remove(listing);
  }

  /** Nothing has come of it. */
  public synchronized void failed(Listing listing) {
    listings.remove(listing);
  }

  /** The replica has one more file. */
  public synchronized void stored(LtxFileInfo file) {
    for (Listing listing : listings) {
      listing.stored.add(file);
    }
    if (isKnown) {
      add(file);
      trim(file.level());
    }
  }

  /** The replica has these files no more. */
  public synchronized void deleted(List<LtxFileInfo> files) {
    for (Listing listing : listings) {
      listing.deleted.addAll(files);
    }
    files.forEach(this::remove);
  }

  /** What is known may not be so any more. */
  public synchronized void forget() {
    levels.forEach(NavigableSet::clear);
    isKnown = false;
  }

  /** All that is remembered, the lowest level first, oldest first; null if nothing is known. */
  public synchronized @Nullable List<LtxFileInfo> files() {
    if (!isKnown) {
      return null;
    }
    List<LtxFileInfo> files = new ArrayList<>();
    levels.forEach(files::addAll);
    return files;
  }

  private void add(LtxFileInfo file) {
    NavigableSet<LtxFileInfo> level = levels.get(file.level());
    level.remove(file); // one of the same name with other values
    level.add(file);
  }

  private void remove(LtxFileInfo file) {
    levels.get(file.level()).remove(file);
  }

  private void trim(int level) {
    NavigableSet<LtxFileInfo> files = levels.get(level);
    if (level == LtxFileInfo.LEVEL_SNAPSHOT) {
      return;
    }
    Txid covered = reached(level >= top ? LtxFileInfo.LEVEL_SNAPSHOT : level + 1);
    while (files.size() > MOST_COVERED && files.first().maxTxid().compareTo(covered) <= 0) {
      files.pollFirst();
    }
    if (files.size() > MOST_OF_A_LEVEL) {
      forget();
    }
  }

  private Txid reached(int level) {
    NavigableSet<LtxFileInfo> files = levels.get(level);
    return files.isEmpty() ? Txid.FIRST : files.last().maxTxid();
  }
}
