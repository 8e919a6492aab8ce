package io.kerf.eval;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Which rows of a file a task takes. */
public sealed interface Sampling {
  /** All rows. */
  record All() implements Sampling {}

  /** The first rows. */
  record First(int rows) implements Sampling {
    public First {
      positive(rows);
    }
  }

  /** Rows drawn without replacement, in the file's order. */
  record Drawn(int rows, long seed) implements Sampling {
    public Drawn {
      positive(rows);
    }
  }

  private static void positive(int rows) {
    if (rows < 1) {
      throw new IllegalArgumentException("a sample needs at least 1 row, was " + rows);
    }
  }

  /** All rows. */
  static Sampling all() {
    return new All();
  }

  /** The first so many rows, or all where there are fewer. */
  static Sampling first(int rows) {
    return new First(rows);
  }

  /** So many rows drawn by that seed, or all where there are fewer. */
  static Sampling drawn(int rows, long seed) {
    return new Drawn(rows, seed);
  }

  /** The rows taken, in their order. */
  default <T> List<T> of(List<T> rows) {
    if (this instanceof First first) {
      return List.copyOf(rows.subList(0, Math.min(first.rows, rows.size())));
    }
    if (this instanceof Drawn drawn && drawn.rows < rows.size()) {
      List<Integer> places = new ArrayList<>();
      for (int i = 0; i < rows.size(); i++) {
        places.add(i);
      }
      Collections.shuffle(places, new Random(drawn.seed));
      return places.subList(0, drawn.rows).stream().sorted().map(rows::get).toList();
    }
    return List.copyOf(rows);
  }

  /** "all rows", "first 300 rows", "300 rows drawn by seed 7". */
  default String label() {
    if (this instanceof First first) {
      return "first " + first.rows + " rows";
    }
    return this instanceof Drawn drawn
        ? drawn.rows + " rows drawn by seed " + drawn.seed
        : "all rows";
  }
}
