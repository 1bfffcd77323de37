package io.walsync.it.containers;

import io.walsync.it.harness.ForkedJvm;

/** One application in a container: commands reach it, whatever stands between. */
final class DeployedApp implements AutoCloseable {

  private final ForkedJvm jvm;
  private final String address;

  /**
   * @param address what the container wants in front of a command
   */
  DeployedApp(ForkedJvm jvm, String address) {
    this.jvm = jvm;
    this.address = address;
  }

  ForkedJvm jvm() {
    return jvm;
  }

  String ask(String command) {
    return jvm.ask(address + command);
  }

  @Override
  public void close() {
    jvm.close();
  }
}
