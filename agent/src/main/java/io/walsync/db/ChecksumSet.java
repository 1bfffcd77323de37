package io.walsync.db;

/** A set of page checksums: open addressing over primitives, 8 bytes a slot, bounded. */
final class ChecksumSet {

  /**
   * Beyond this (64 MB of slots) further members are not kept; a chain that long is never examined
   * without them.
   */
  private static final int MAX_MEMBERS = 4 << 20;

  private long[] slots = new long[1024];
  private int size;

  void add(long checksum) {
    if (size >= MAX_MEMBERS || contains(checksum)) {
      return;
    }
    if ((size + 1) * 2 > slots.length) {
      long[] old = slots;
      slots = new long[old.length * 2];
      for (long member : old) {
        if (member != 0) {
          slots[slotOf(member)] = member;
        }
      }
    }
    slots[slotOf(checksum)] = checksum;
    size++;
  }

  boolean contains(long checksum) {
    return slots[slotOf(checksum)] == checksum;
  }

  private int slotOf(long checksum) {
    int mask = slots.length - 1;
    int slot = (int) (checksum * 0x9E3779B97F4A7C15L >>> 33) & mask;
    while (slots[slot] != 0 && slots[slot] != checksum) {
      slot = slot + 1 & mask;
    }
    return slot;
  }
}
