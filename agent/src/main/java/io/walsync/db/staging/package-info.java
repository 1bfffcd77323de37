/**
 * What one database keeps on local disk: LTX files that the store does not have yet, the checksum
 * of every page as the replica has it, and the position reached. Enough to go on after a restart
 * without asking anybody. {@code StagingLayoutTest} compares this list with what is written.
 *
 * <pre>
 * .&lt;name&gt;-walsync/
 *   lock                         held by the process that replicates this database
 *   position                     two slots of text, written in turn: the older one survives a kill
 *   pages.sum                    8 bytes a page, big-endian, 0 = no such page
 *   pages.found                  likewise, of a database whose replica is not known yet
 *   pages.former                 likewise, of a folder that was older than the replica
 *   states                       checksum of the database after each TXID sealed, or found
 *   refused                      why the database is not replicated, until somebody has acted
 *   fenced                       since when somebody else writes the replica
 *   replica                      where a folder without a position was replicated to
 *   booted                       empty: the machine was started anew, and the replica not compared yet
 *   segments/&lt;seq&gt;.ltx           captured, no TXID of their own yet
 *   ltx/9/&lt;min&gt;-&lt;max&gt;.ltx       sealed snapshot, waiting for upload
 *   ltx/0/&lt;min&gt;-&lt;max&gt;.ltx       sealed L0 file, waiting for upload
 *   aside/&lt;url&gt;/&lt;any&gt;            what it held for another replica, for a week; CRC-64 of the URL
 *   &lt;any&gt;.tmp                    being written; the next start deletes it
 * </pre>
 *
 * <p>The position never says more than the files hold: a file is complete before the position names
 * it. Numbers in names are 16 hex digits.
 *
 * <p>May not: hold anything that the user's database needs, run SQL, reach the network, decide when
 * something is sealed or uploaded. The database file is not opened here.
 */
package io.walsync.db.staging;
