package io.walsync.db.staging;

import java.io.IOException;

/** The disk of a staging folder has too little room for what would be written next. */
public final class DiskFullException extends IOException {

  private static final long serialVersionUID = 1L;

  DiskFullException(String message) {
    super(message);
  }
}
