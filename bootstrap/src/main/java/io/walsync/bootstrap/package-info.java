/** What runs before anything else. java.base only; a handful of small classes. */
package io.walsync.bootstrap;
