/**
 * A replica in a directory, laid out as Litestream lays out its file replicas:
 *
 * <pre>
 * &lt;root&gt;/ltx/&lt;level, decimal&gt;/&lt;min TXID&gt;-&lt;max TXID&gt;.ltx
 * &lt;root&gt;/walsync/owner.json   who owns the replica, see {@link io.walsync.replica.Owner}
 * </pre>
 *
 * The file {@code .walsync-replica} in the root marks it as one: without it, an empty folder may be
 * a place where a disk ought to be mounted. Litestream does not look at it; a copy without it is as
 * good a replica, as long as there are files in it. The time of a file is its modification time, as
 * Litestream keeps it. The SHA-256 of a file is its 32 raw bytes in the user extended attribute
 * {@code walsync.sha256} where the file system has such attributes (raw, because hexadecimal no
 * longer fits beside an ext4 inode and would cost a block a file), and is not recorded elsewhere.
 * Nothing here knows databases or LTX contents.
 */
package io.walsync.replica.file;
