package io.walsync.it.containers;

import io.walsync.it.harness.Application;
import io.walsync.it.harness.ForkedJvm;
import io.walsync.it.harness.Jdk;
import java.nio.file.Path;

/**
 * What an application is to run on.
 *
 * @param folder for everything that has to be built, and for the database
 * @param config of the agent; null to run without it
 */
record Host(Jdk jdk, String driverVersion, Path folder, Path config) {

  static final String DATABASE = "app.db";

  static final int MODULES_SINCE = 9;
  static final int UNSAFE_WARNINGS_SINCE = 24;
  static final int FINAL_FIELDS_SINCE = 26;

  Path database() {
    return folder.resolve(DATABASE);
  }

  Path journal() {
    return Application.journal(database());
  }

  Path driver() {
    return Parts.driver(driverVersion);
  }

  /** Adds the JDK and the agent. */
  ForkedJvm.Builder complete(ForkedJvm.Builder builder) {
    builder.on(jdk);
    if (config != null) {
      builder.agent(config);
    }
    return builder;
  }
}
