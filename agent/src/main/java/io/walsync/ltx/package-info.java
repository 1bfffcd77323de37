/**
 * The LTX file format, as Litestream v0.5 reads and writes it. Pure: bytes in, values out. No
 * files, no network, no threads, no clocks; nothing here knows which database or replica a file is
 * of.
 *
 * <p>A file is a header, one page frame for each page in ascending order of page numbers, an end
 * marker, a page index, the size of that index, and a trailer. Integers are big-endian, but for
 * those inside an LZ4 frame, which are little-endian. Columns: offset, bytes, field; {@code ..} is
 * "as many as it takes". {@code LtxLayoutTest} reads these tables and compares them with what is
 * written.
 *
 * <pre>
 * header, 100 bytes
 *    0   4  magic               4c545831, "LTX1"; an encrypted file has 4c545834 and is refused
 *    4   4  flags               2: no checksums of the database, as in all we write; else 0
 *    8   4  page size           a power of two, 512 to 65536
 *   12   4  commit              pages of the database after this file; 0: deleted, never written
 *   16   8  min TXID            from 1 on; 1: a snapshot, which holds every page but the lock page
 *   24   8  max TXID            not below min TXID
 *   32   8  timestamp           milliseconds since the Unix epoch
 *   40   8  pre-apply checksum  of the database before this file; 0 with flag 2 and in snapshots
 *   48   8  WAL offset          of the first frame; 0: not from a WAL, then size and salts are 0
 *   56   8  WAL size            bytes of the WAL that the file covers
 *   64   4  WAL salt-1          as in the WAL header
 *   68   4  WAL salt-2
 *   72   8  node id             written as 0; no reader looks at it
 *   80  20  reserved            written as 0; no reader looks at it
 *
 * page frame with an LZ4 frame, which every Litestream v0.5 reads
 *    0   4  page number         from 1 on, never that of the lock page
 *    4   2  page flags          0
 *    6  ..  LZ4 frame           of one page
 *
 * page frame with an LZ4 block, which Litestream v0.5.16 and newer read
 *    0   4  page number
 *    4   2  page flags          1
 *    6   4  block size          bytes of the block
 *   10  ..  LZ4 block           of one page
 *
 * end marker, 6 bytes
 *    0   6  zero                the header of a page frame for page 0
 *
 * page index entry
 *    0  ..  page number         varint: unsigned LEB128
 *   ..  ..  frame offset        varint: of the page frame, from the start of the file
 *   ..  ..  frame size          varint: bytes of the page frame
 *
 * page index end, 9 bytes
 *    0   1  no page             0, where the next entry's page number would be
 *    1   8  index size          bytes from the first entry to that 0, both included
 *
 * trailer, 16 bytes
 *    0   8  post-apply checksum  of the database after this file; 0 with flag 2
 *    8   8  file checksum        of the file up to here, see below
 * </pre>
 *
 * <p>Every checksum is a CRC-64/GO-ISO ({@link io.walsync.ltx.Crc64}) with bit 63 set, so that a
 * stored 0 always means "none". Bit 63 is not part of the CRC's value: 63 bits are compared.
 *
 * <pre>
 * the file checksum covers, in this order
 *   header
 *   page frame header           of each page, followed by its block size and page
 *   block size                  where the page is an LZ4 block
 *   page                        as it is in the database, not as it is compressed
 *   end marker
 *   page index
 *   index size
 *   post-apply checksum
 * </pre>
 *
 * <p>The checksum of a database is the xor of the checksums of its pages, without the lock page;
 * the checksum of a page covers its number in 4 bytes, then its content ({@link
 * io.walsync.ltx.PageChecksum}). An LZ4 frame holds an xxHash32 of its page besides ({@link
 * io.walsync.ltx.Lz4Frame}).
 *
 * <p>Source: the ltx library of Litestream (v0.5.0 to v0.5.2), and the files in {@code GoldenLtx},
 * which Litestream wrote.
 */
package io.walsync.ltx;
