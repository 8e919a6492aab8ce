package io.kerf.eval;

import java.util.List;

/** A number taken over the outcomes of many documents. */
public interface Metric {
  String name();

  /** Whether more of it is better. */
  boolean higherIsBetter();

  /** Its value on these outcomes; NaN where there are none. */
  double value(List<? extends Outcome> outcomes);

  /** The standard error of its value; NaN where none is known. */
  default double standardError(List<? extends Outcome> outcomes) {
    return Double.NaN;
  }

  /** Value and standard error together. */
  default Measure measure(List<? extends Outcome> outcomes) {
    return new Measure(
        name(), value(outcomes), standardError(outcomes), outcomes.size(), higherIsBetter());
  }
}
