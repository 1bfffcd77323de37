package io.walsync.ltx;

/** How pages are stored. Readers accept both, page by page; a writer chooses one. */
public enum PageEncoding {

  /** A complete LZ4 frame for each page: read by every Litestream v0.5. */
  LZ4_FRAME,

  /** A length and a bare LZ4 block, 15 bytes a page smaller: read by Litestream v0.5.16 and up. */
  LZ4_BLOCK
}
