package io.walsync.it.scenario;

import java.util.Map;
import java.util.TreeMap;

/** All scenarios, by name. */
final class Scenarios {

  private final Map<String, Scenario> all = new TreeMap<>();

  private Scenarios() {}

  static Map<String, Scenario> all() {
    Scenarios scenarios = new Scenarios();
    StatementScenarios.addTo(scenarios);
    ReturningScenarios.addTo(scenarios);
    TransactionScenarios.addTo(scenarios);
    SchemaScenarios.addTo(scenarios);
    PragmaScenarios.addTo(scenarios);
    FileScenarios.addTo(scenarios);
    SizeScenarios.addTo(scenarios);
    OpenScenarios.addTo(scenarios);
    return scenarios.all;
  }

  void add(String name, Scenario scenario) {
    if (all.put(name, scenario) != null) {
      throw new IllegalArgumentException("two scenarios are called " + name);
    }
  }
}
