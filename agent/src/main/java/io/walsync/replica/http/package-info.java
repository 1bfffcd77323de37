/**
 * A small HTTP/1.1 client over plain and TLS sockets, for use inside somebody else's JVM.
 *
 * <p>The JDK's own clients are shared with the application: {@code HttpURLConnection} consults its
 * {@code CookieHandler}, {@code Authenticator}, {@code ProxySelector}, {@code
 * URLStreamHandlerFactory} and {@code http.*} properties, and tracing agents turn each of its
 * requests into a span of the application. Nothing here changes any of these, and of them all only
 * the proxies' properties are read ({@link io.walsync.replica.http.ProxySettings}). It knows
 * nothing of S3, follows no redirects, keeps no cookies, and retries one thing only: a repeatable
 * request whose reused connection turns out to be dead.
 */
package io.walsync.replica.http;
