/**
 * A replica in an S3 bucket, laid out as Litestream lays out its S3 replicas:
 *
 * <pre>
 * &lt;path&gt;/&lt;level, 4 hex digits&gt;/&lt;min TXID&gt;-&lt;max TXID&gt;.ltx
 * x-amz-meta-litestream-timestamp   the time in the LTX header, RFC 3339 in UTC (Litestream's)
 * x-amz-meta-walsync-sha256         SHA-256 of the content in hexadecimal (ours; others ignore it)
 * x-amz-meta-walsync-epoch          epoch of the owner who wrote it, see {@link
 *                                   io.walsync.replica.Owner} (ours; others ignore it)
 * &lt;path&gt;/walsync/owner.json         who owns the replica, see {@link io.walsync.replica.Owner}
 * </pre>
 *
 * The AWS SDK supplies what is hard to get right and light to load: the V4 signature, and the
 * credential providers where no keys are configured. Requests, answers and their errors are a thin
 * layer of ours over {@link io.walsync.replica.http}: for the same operations the SDK's own S3
 * client costs a JVM five times the classes and CPU. Nothing heavy is loaded before the first
 * request, no credential machinery with static keys. No message holds a secret.
 */
package io.walsync.replica.s3;
