package io.walsync.doctor;

import io.walsync.io.Json;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** All findings, in the order in which they were made, as people and as programs read them. */
public final class Diagnosis {

  private final List<Finding> findings = new ArrayList<>();

  public Diagnosis add(Finding finding) {
    findings.add(finding);
    return this;
  }

  public Diagnosis addAll(Collection<Finding> more) {
    findings.addAll(more);
    return this;
  }

  /** The worst; OK if nothing was found. */
  public Verdict worst() {
    Verdict worst = Verdict.OK;
    for (Finding finding : findings) {
      worst = finding.verdict().compareTo(worst) > 0 ? finding.verdict() : worst;
    }
    return worst;
  }

  /** A line for each finding, and one that counts them. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    Map<Verdict, Integer> counts = new EnumMap<>(Verdict.class);
    for (Finding finding : findings) {
      lines.add(finding.toString());
      counts.merge(finding.verdict(), 1, Integer::sum);
    }
    StringBuilder sum = new StringBuilder();
    for (Verdict each : Verdict.values()) {
      sum.append(sum.length() == 0 ? "" : ", ").append(counts.getOrDefault(each, 0));
      sum.append(' ').append(each.word());
    }
    lines.add(sum.toString());
    return lines;
  }

  /** An array of objects. */
  public String json() {
    Json json = new Json().beginArray();
    for (Finding finding : findings) {
      json.element()
          .beginObject()
          .member("verdict", finding.verdict().word())
          .member("check", finding.check())
          .member("subject", finding.subject().isEmpty() ? null : finding.subject())
          .member("found", finding.found())
          .member("advice", finding.advice().isEmpty() ? null : finding.advice())
          .endObject();
    }
    return json.endArray().toString();
  }
}
