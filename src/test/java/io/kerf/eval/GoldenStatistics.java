package io.kerf.eval;

import io.kerf.json.Json;
import java.nio.file.Path;
import java.util.List;

/**
 * Values that paired_statistics.py made, beside which they stand: they are formulas' and no
 * model's, so that another set of fixtures has no others.
 */
final class GoldenStatistics {
  private static final Json ALL =
      Json.read(Path.of("src/test/resources/io/kerf/eval/paired_statistics.json"));

  private GoldenStatistics() {}

  static double level() {
    return ALL.at("level").number();
  }

  static List<Json> cases(String statistic) {
    List<Json> cases = ALL.at(statistic).items();
    if (cases.isEmpty()) {
      throw new AssertionError("no golden cases of " + statistic);
    }
    return cases;
  }

  static Paired paired(Json counts) {
    return new Paired(
        counts.at("kept").integer(),
        counts.at("lost").integer(),
        counts.at("gained").integer(),
        counts.at("missed").integer());
  }
}
