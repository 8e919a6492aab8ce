package io.kerf.compress;

import io.kerf.model.Model;

/**
 * A cut: makes a smaller model of a model. Implement it to add a method of your own.
 *
 * <p>An implementation is immutable, never changes the model it is given, shares every tensor it
 * does not touch, and adds one step of lineage that says what was asked and what was achieved.
 */
public interface Compression {
  /**
   * The compressed model.
   *
   * @throws IllegalArgumentException if this cut does not fit the model, saying where and what
   *     would
   */
  Model apply(Model model);

  /** Short, for tables and legends: "magnitude 50% attention". */
  String label();
}
