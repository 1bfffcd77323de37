package io.walsync.it.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;

/** Which pages of two database files, that nobody has open, are not the same. */
public final class PageDifference {

  private PageDifference() {}

  /** Page numbers from 1; pages that only the second file has count as different. */
  public static Set<Integer> between(Path before, Path after) {
    try {
      int pageSize = DatabaseContent.pageSize(after);
      byte[] left = Files.readAllBytes(before);
      byte[] right = Files.readAllBytes(after);
      Set<Integer> pages = new TreeSet<>();
      for (int start = 0; start < right.length; start += pageSize) {
        int end = start + pageSize;
        if (end > left.length || !Arrays.equals(left, start, end, right, start, end)) {
          pages.add(start / pageSize + 1);
        }
      }
      return pages;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
