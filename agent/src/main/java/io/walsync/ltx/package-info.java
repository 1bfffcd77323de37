/** The LTX file format. Pure: bytes in, bytes out; no files, threads or clocks. */
package io.walsync.ltx;
