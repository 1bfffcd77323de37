/**
 * Who takes part: nobody, Walsync inside the application, and the real Litestream and walrust
 * beside it. A contender knows how its program is started, stopped and asked to restore, what it is
 * set to, and how its objects are read; what is measured it does not know.
 */
package io.walsync.bench.peer;
