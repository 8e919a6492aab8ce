package io.kerf.report;

import java.util.Objects;

/**
 * One fact as two models see it.
 *
 * @param task the corpus it was asked in
 * @param relation "P19"
 * @param template the relation's sentence with {@code [X]} and {@code [Y]}; empty where each fact
 *     has its own
 * @param document its id there
 * @param before as the first model sees it
 * @param after as the other does
 */
public record LedgerRow(
    String task,
    String relation,
    String template,
    String document,
    String subject,
    String object,
    Sight before,
    Sight after) {
  public LedgerRow {
    Objects.requireNonNull(task, "task");
    Objects.requireNonNull(relation, "relation");
    Objects.requireNonNull(before, "before");
    Objects.requireNonNull(after, "after");
  }

  /**
   * What one model makes of a fact.
   *
   * @param rank of the object, from 1 on
   * @param logProbability of the object, natural log
   * @param said what the model holds most likely
   */
  public record Sight(int rank, double logProbability, String said) {
    public Sight {
      if (rank < 1) {
        throw new IllegalArgumentException("a rank is 1 or more, was " + rank);
      }
    }

    /** Whether the object is the model's first choice. */
    public boolean known() {
      return rank == 1;
    }
  }

  /** What became of it. */
  public Fate fate() {
    Fate fate = Fate.of(before.known(), after.known());
    return fate == Fate.UNKNOWN && before.rank != after.rank ? Fate.DISPLACED : fate;
  }

  /** The relation and what it says: "P19: X was born in Y". */
  public String title() {
    String says = template.replaceAll("\\[([XY])]", "$1").replaceAll("[\\s.]+$", "");
    return says.isEmpty() ? relation : relation + ": " + says;
  }

  /** How far it moved in orders of magnitude, below 0 where it rose. */
  double shift() {
    return Math.log10(after.rank) - Math.log10(before.rank);
  }
}
