/**
 * Build time only, not part of the packed jar: writes the bundles that {@code
 * io.walsync.bootstrap.Bundle} reads.
 *
 * <pre>
 *   int  magic "WSB1"
 *   int  number of files
 *   for each file, ascending by hash of the name:
 *     int  String.hashCode() of its name: a path with slashes, relative to the folder
 *     int  offset of its block from the start of the bundle
 *     int  length of its block
 *   for each file, ascending by name, a block:
 *     UTF  its name, as DataOutput writes it
 *     int  size of the content
 *     the content: raw deflate, or as it is if that is not longer
 * </pre>
 *
 * All integers big-endian.
 */
package io.walsync.packaging;
