/**
 * Other people's software with the agent inside: job schedulers, web applications, tracing agents.
 * They are resolved into folders below {@code target}, never onto the class path of the tests.
 */
package io.walsync.it.thirdparty;
