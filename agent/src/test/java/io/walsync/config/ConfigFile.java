package io.walsync.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A configuration file in a test's folder; messages are shown with the folder left out. */
record ConfigFile(Path folder, Path file) {

  static ConfigFile of(Path folder, String yaml) throws IOException {
    return of(folder, yaml.getBytes(UTF_8));
  }

  static ConfigFile of(Path folder, byte[] yaml) throws IOException {
    return new ConfigFile(folder, Files.write(folder.resolve("c.yml"), yaml));
  }

  Config load(Map<String, String> environment) throws ConfigException {
    return ConfigLoader.load(file.toFile(), environment);
  }

  Config load() throws ConfigException {
    return load(Map.of());
  }

  /** The message of the error that loading ends with, or what was loaded. */
  String problem(Map<String, String> environment) {
    try {
      return "no error: " + load(environment).dbs();
    } catch (ConfigException e) {
      return withoutFolder(e.getMessage());
    }
  }

  /** What loading warns about. */
  List<String> warnings(Map<String, String> environment) throws ConfigException {
    List<String> warnings = new ArrayList<>();
    for (String warning : load(environment).warnings()) {
      warnings.add(withoutFolder(warning));
    }
    return warnings;
  }

  String withoutFolder(String message) {
    return message.replace(folder + "/", "");
  }
}
