package io.walsync.restore;

/** A piece of one file of the plan, to be fetched in one request. */
final class FileRange {

  final FileProof proof;

  /** Place among all ranges of all files. */
  final long sequence;

  /** Place among the ranges of its file, from 0. */
  final long index;

  final long offset;
  final int length;

  FileRange(FileProof proof, long sequence, long index, long offset, int length) {
    this.proof = proof;
    this.sequence = sequence;
    this.index = index;
    this.offset = offset;
    this.length = length;
  }

  boolean isFirst() {
    return offset == 0;
  }

  boolean isLast() {
    return offset + length == proof.file().sizeBytes();
  }
}
