/**
 * The format of SQLite's write-ahead log. Pure: bytes in, values out; no files, threads or clocks.
 *
 * <pre>
 * WAL header, 32 bytes             frame header, 24 bytes, then one page
 *  0 magic 377f0682 | 377f0683      0 page number
 *  4 format version, 3007000        4 commit: pages of the database, or 0
 *  8 page size                      8 salt-1, as in the WAL header
 * 12 checkpoint sequence           12 salt-2
 * 16 salt-1                        16 checksum-1 \ of the frames up to and with this one:
 * 20 salt-2                        20 checksum-2 / first 8 bytes of each header, and the page
 * 24 checksum-1 \ of bytes 0-23
 * 28 checksum-2 /
 * </pre>
 *
 * All integers are big-endian; the last bit of the magic says whether checksums take their words
 * big-endian (1) or little-endian (0). A frame is valid if its salts are those of the header and
 * the checksum, which goes on from the frame before, agrees; frames after the last valid commit do
 * not count.
 *
 * <p>The header of a wal-index (the {@code -shm} file), in the machine's own byte order but for the
 * salts. It stands there twice, at 0 and at 48; SQLite writes the second first.
 *
 * <pre>
 *  0 version, 3007000               20 nPage: pages of the database after the last commit
 *  8 iChange: +1 for each commit    24 checksum-1 \ of frame mxFrame
 * 12 isInit, one byte               28 checksum-2 /
 * 13 big-endian checksums, a byte   32 salt-1, salt-2: the bytes of the WAL header
 * 14 page size, 2 bytes; 1 = 65536  40 checksum-1, checksum-2 of bytes 0-39
 * 16 mxFrame: frames counted        96 nBackfill; 100 five read marks
 * </pre>
 *
 * Source: the head of SQLite's wal.c, and "WAL-mode File Format" on sqlite.org.
 */
package io.walsync.wal;
