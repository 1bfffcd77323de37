package io.walsync.history.compaction;

import java.io.IOException;

/** A merge was given up because nobody wants it any more. Nothing is wrong. */
public final class MergeStoppedException extends IOException {

  private static final long serialVersionUID = 1L;

  public MergeStoppedException() {
    super("the merge is not wanted any more");
  }
}
