package io.kerf.report;

import io.kerf.model.Lineage;

/** Where a model came from and what was done to it, in words. */
public final class LineageText {
  private LineageText() {}

  /** "bert-base-cased: Maven Central ...; sha256 1234567890ab". */
  public static String source(Lineage lineage) {
    String hash = lineage.sha256();
    return source(lineage, hash.substring(0, Math.min(12, hash.length())));
  }

  private static String source(Lineage lineage, String hash) {
    return lineage.name() + ": " + lineage.origin() + "; sha256 " + hash;
  }

  /** The source with its whole checksum, and a line for each step with its settings. */
  public static String of(Lineage lineage) {
    StringBuilder text = new StringBuilder(source(lineage, lineage.sha256()));
    int number = 0;
    for (Lineage.Step step : lineage.steps()) {
      text.append('\n').append(++number).append(". ").append(step.label());
      String separator = ": ";
      for (var setting : step.settings().entrySet()) {
        text.append(separator).append(setting.getKey()).append(' ').append(setting.getValue());
        separator = ", ";
      }
    }
    return text.toString();
  }
}
