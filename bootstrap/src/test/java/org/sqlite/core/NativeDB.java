package org.sqlite.core;

/** Has the name of a driver's class, and was not woven. */
public final class NativeDB {

  private NativeDB() {}
}
