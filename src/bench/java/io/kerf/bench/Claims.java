package io.kerf.bench;

import java.util.Locale;

/** What the paper says beside what was measured: the verdict comes from the numbers alone. */
final class Claims {
  private Claims() {}

  /**
   * Whether something is smaller, as the paper says it is.
   *
   * @param noise the spread of such numbers; NaN where it was not measured
   */
  static String smaller(
      String paper, String one, double of, String other, double than, double noise) {
    String found = String.format(Locale.ROOT, "%s %.2f, %s %.2f", one, of, other, than);
    boolean equal = Math.abs(than - of) < 0.005; // as printed
    String verdict = equal ? "cannot tell" : verdict(of < than, Math.abs(than - of), noise);
    return said(paper, verdict, found);
  }

  /** Whether a number is what the paper's is, to that share of it. */
  static String near(String paper, String what, double value, double expected, double share) {
    boolean near = Math.abs(value - expected) <= share * expected;
    String found =
        String.format(
            Locale.ROOT,
            "%s %.2f; near is within %.0f %% of %.2f",
            what,
            value,
            100 * share,
            expected);
    return said(paper, near ? "agrees" : "disagrees", found);
  }

  private static String verdict(boolean holds, double apart, double noise) {
    if (Double.isNaN(noise)) {
      return (holds ? "agrees" : "disagrees") + " (one seed: how much of it is noise is not known)";
    }
    String verdict = holds ? "agrees" : "disagrees";
    return apart < 2 * noise
        ? String.format(Locale.ROOT, "%s, but within noise (deviation %.2f)", verdict, noise)
        : String.format(Locale.ROOT, "%s, beyond noise (deviation %.2f)", verdict, noise);
  }

  private static String said(String paper, String verdict, String found) {
    return "The paper: " + paper + ". This run " + verdict + ": " + found + ".";
  }
}
