package io.kerf.eval.harness;

import java.util.List;

/**
 * Chooses the examples that stand before a question, as the harness does: drawn by Python's random
 * numbers, document after document from one stream, or the first ones.
 */
final class Shots {
  private final String task;
  private final List<Row> pool;
  private final int count;
  private final boolean first;
  private final boolean withoutOwn;
  private final PythonRandom random;

  /**
   * @param first whether the first ones are taken instead of drawn ones
   * @param withoutOwn whether a document must not be its own example
   */
  Shots(String task, List<Row> pool, int count, boolean first, boolean withoutOwn, long seed) {
    this.task = task;
    this.pool = List.copyOf(pool);
    this.count = count;
    this.first = first;
    this.withoutOwn = withoutOwn;
    this.random = new PythonRandom(seed);
  }

  /** The examples of the next document. */
  List<Row> next(Row document) {
    if (count == 0) {
      return List.of();
    } else if (first) {
      List<Row> others = withoutOwn ? without(document, pool) : pool;
      require(count, others.size());
      return others.subList(0, count);
    } else if (!withoutOwn) {
      return drawn(pool, count);
    }
    // One more than is needed, in case the document itself is among them.
    List<Row> chosen = without(document, drawn(pool, count + 1));
    // It may be there more than once.
    return chosen.size() < count ? drawn(without(document, pool), count) : chosen.subList(0, count);
  }

  private List<Row> drawn(List<Row> from, int wanted) {
    require(wanted, from.size());
    return random.sample(from.size(), wanted).stream().map(from::get).toList();
  }

  private static List<Row> without(Row document, List<Row> rows) {
    return rows.stream().filter(row -> !row.values().equals(document.values())).toList();
  }

  private void require(int wanted, int there) {
    if (wanted > there) {
      throw new IllegalArgumentException(
          "task "
              + task
              + ": "
              + count
              + " examples before each question need "
              + wanted
              + " rows to take them from, there are "
              + there);
    }
  }
}
