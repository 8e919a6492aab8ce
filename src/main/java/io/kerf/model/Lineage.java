package io.kerf.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where a model came from and what was done to it, in order.
 *
 * @param name the name or path it was loaded by
 * @param origin where its bytes came from: a Maven artifact, a Python package, a commit of a
 *     repository on the hub, a folder
 * @param sha256 of the weights file, or of the sorted list of the files' hashes; hexadecimal
 * @param steps what was done since, first to last
 */
public record Lineage(String name, String origin, String sha256, List<Step> steps) {
  public Lineage {
    steps = List.copyOf(steps);
  }

  /**
   * One thing that was done.
   *
   * @param label short, for tables and legends: "magnitude 50% attention"
   * @param settings everything needed to do it again, and what came of it
   */
  public record Step(String label, Map<String, String> settings) {
    public Step {
      settings = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }
  }

  /** This lineage with one more step. */
  public Lineage then(Step step) {
    List<Step> longer = new ArrayList<>(steps);
    longer.add(step);
    return new Lineage(name, origin, sha256, longer);
  }

  /** "dense", or the steps' labels joined by " + ". */
  public String label() {
    return steps.isEmpty() ? "dense" : String.join(" + ", steps.stream().map(Step::label).toList());
  }
}
