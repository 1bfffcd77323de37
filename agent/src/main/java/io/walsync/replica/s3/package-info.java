/**
 * A replica in an S3 bucket, laid out as Litestream lays out its S3 replicas:
 *
 * <pre>
 * &lt;path&gt;/&lt;level, 4 hex digits&gt;/&lt;min TXID&gt;-&lt;max TXID&gt;.ltx
 * x-amz-meta-litestream-timestamp        the time in the LTX header, RFC 3339 in UTC (Litestream's)
 * x-amz-meta-walsync-sha256              SHA-256 of the content in hexadecimal; not of a file that
 *                                        was made while it was sent
 * x-amz-meta-walsync-upload              of such a file: a random word that tells the upload
 * x-amz-meta-walsync-database-checksum   of the database after the file, in hexadecimal
 * x-amz-meta-walsync-epoch               of the owner who wrote it, see {@link
 *                                        io.walsync.replica.Owner}
 * &lt;path&gt;/walsync/owner.json              who owns the replica
 * &lt;path&gt;/walsync/prunes/, walsync/pins/  notes, see {@link io.walsync.replica.NoteStore}
 * &lt;path&gt;/walsync-probe                   see {@link io.walsync.replica.s3.ConditionProbe}
 * </pre>
 *
 * Litestream ignores what is named after Walsync. The AWS SDK supplies what is hard to get right
 * and light to load: the V4 signature, and the credential providers where no keys are configured.
 * Requests, answers and their errors are a thin layer of ours over {@link io.walsync.replica.http},
 * since the SDK's own S3 client costs a JVM several times the classes, the CPU and the memory.
 *
 * <p>May not: load anything heavy before the first request, or credential machinery where keys are
 * configured; show a secret in a message.
 */
package io.walsync.replica.s3;
