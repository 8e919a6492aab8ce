package io.kerf.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDManager;
import io.kerf.engine.Masters.Table;
import io.kerf.model.Model;
import io.kerf.model.Role;

/**
 * A table whose rows are read.
 *
 * @param scale rows are multiplied by it
 */
record Lookup(Script script, Table table, double scale) {
  static Lookup of(Page page, Model model, Role role, double scale) {
    Table table = page.weights.masters().table(model.shared().get(role).weight());
    return new Lookup(page.script, table, scale);
  }

  boolean learns() {
    return table.gradient() != null;
  }

  /** (N, D) */
  NDArray rows(PtNDManager scratch, NDArray indices) {
    NDArray rows = script.array(scratch, "looked_up", table.value(), indices);
    return scale == 1 ? rows : script.array(scratch, "scaled_by", rows, scale);
  }

  /** Adds the gradient (N, D) of rows to the table's. */
  void add(NDArray indices, NDArray gradient) {
    if (learns()) {
      script.run("add_rows", table.gradient(), indices, gradient, scale);
    }
  }
}
