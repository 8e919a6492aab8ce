package io.kerf.engine;

import io.kerf.model.Block;
import io.kerf.model.Model;

/**
 * How many blocks run in one native call: enough that the call costs nothing, few enough that an
 * interrupt is seen within a fraction of a second.
 *
 * @param operationsPerToken of one block's linear layers
 */
record Pace(double operationsPerToken) {
  private static final double OPERATIONS_PER_CALL = 2e10; // 0.1 to 0.3 s on one core

  static Pace of(Model model) {
    Block block = model.blocks().get(model.blocks().size() - 1); // a decoder's are the larger
    double weights = 0;
    for (var entry : block.parameters().entrySet()) {
      weights += entry.getKey().isBlockLinear() ? entry.getValue().elements() : 0;
    }
    return new Pace(2 * weights);
  }

  /** One past the last block of the call that begins with this one. */
  int next(int block, int end, int tokens) {
    double operations = Math.max(1, operationsPerToken * tokens);
    return (int) Math.min(end, block + Math.max(1, Math.floor(OPERATIONS_PER_CALL / operations)));
  }
}
