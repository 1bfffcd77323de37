/**
 * The formats of SQLite's write-ahead log and of the wal-index beside it. Pure: bytes in, values
 * out. No files, no locks, no threads, no clocks: where the bytes come from, and whether they may
 * be believed yet, is for {@link io.walsync.db.tail} to know.
 *
 * <p>A WAL is a header and then frames, each a frame header and one page. Columns: offset, bytes,
 * field. {@code WalLayoutTest} reads these tables and compares them with what SQLite writes.
 *
 * <pre>
 * WAL header, 32 bytes
 *    0   4  magic                377f0682, or 377f0683: checksums take their words big-endian
 *    4   4  format version       3007000
 *    8   4  page size
 *   12   4  checkpoint sequence  +1 for each restart
 *   16   4  salt-1               +1 for each restart
 *   20   4  salt-2               random for each restart
 *   24   4  checksum-1           \ of bytes 0 to 23
 *   28   4  checksum-2           /
 *
 * frame header, 24 bytes
 *    0   4  page number
 *    4   4  commit               pages of the database in a transaction's last frame, else 0
 *    8   4  salt-1               as in the WAL header
 *   12   4  salt-2
 *   16   4  checksum-1           \ of the frames up to and with this one:
 *   20   4  checksum-2           / first 8 bytes of each header, and the page
 * </pre>
 *
 * All integers are big-endian; the last bit of the magic says whether checksums take their words
 * big-endian (1) or little-endian (0). A frame is valid if its salts are those of the header and
 * the checksum, which goes on from the frame before, agrees; frames after the last valid commit do
 * not count.
 *
 * <p>The header of a wal-index (the {@code -shm} file) is in the machine's own byte order but for
 * the salts. It stands there twice, at 0 and at 48; SQLite writes the second first.
 *
 * <pre>
 * wal-index header, 48 bytes
 *    0   4  version              3007000
 *    4   4  unused
 *    8   4  iChange              +1 for each commit
 *   12   1  isInit               1 once it is set up
 *   13   1  bigEndCksum          1: checksums of the WAL take their words big-endian
 *   14   2  page size            1: 65536
 *   16   4  mxFrame              frames counted
 *   20   4  nPage                pages of the database after the last commit
 *   24   4  frame checksum-1     of frame mxFrame
 *   28   4  frame checksum-2
 *   32   4  salt-1               the bytes of the WAL header
 *   36   4  salt-2
 *   40   4  checksum-1           \ of bytes 0 to 39
 *   44   4  checksum-2           /
 *
 * checkpoint information, after both headers
 *   96   4  nBackfill            frames that are in the database file
 *  100  20  read marks           five, of 4 bytes
 * </pre>
 *
 * Source: the head of SQLite's wal.c, and "WAL-mode File Format" on sqlite.org.
 */
package io.walsync.wal;
