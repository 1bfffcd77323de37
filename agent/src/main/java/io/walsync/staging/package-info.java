/**
 * What one database keeps on local disk: LTX files that the store does not have yet, the checksum
 * of every page as the replica has it, and the position reached. Enough to go on after a restart
 * without asking anybody.
 *
 * <pre>
 * .&lt;name&gt;-walsync/
 *   lock                         held by the process that replicates this database
 *   position                     two slots of text, written in turn: the older one survives a kill
 *   pages.sum                    8 bytes a page, big-endian, 0 = no such page
 *   refused                      why the database is not replicated, until somebody has acted
 *   booted                       empty: the machine was started anew, and the replica not compared yet
 *   segments/&lt;seq&gt;.ltx           captured, no TXID of their own yet
 *   ltx/9/&lt;min&gt;-&lt;max&gt;.ltx       sealed snapshot, waiting for upload
 *   ltx/0/&lt;txid&gt;-&lt;txid&gt;.ltx     sealed L0 file, waiting for upload
 * </pre>
 *
 * Never holds anything that the user's database needs. No SQL, no network.
 */
package io.walsync.staging;
