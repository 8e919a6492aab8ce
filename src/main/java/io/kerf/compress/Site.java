package io.kerf.compress;

import io.kerf.model.Model;
import io.kerf.model.Parameter;
import io.kerf.model.Role;
import io.kerf.model.Stack;

/**
 * Where a weight matrix stands in a model.
 *
 * @param block index of the block as the model now is, or -1 outside the blocks
 * @param role what it does there
 */
record Site(int block, Role role) {
  static final int OUTSIDE = -1;

  /** The stack of its block, or null outside the blocks. */
  Stack stack(Model model) {
    return block == OUTSIDE ? null : model.blocks().get(block).stack();
  }

  /** The parameter that stands there, or null. */
  Parameter parameter(Model model) {
    return block == OUTSIDE
        ? model.shared().get(role)
        : model.blocks().get(block).parameters().get(role);
  }

  /**
   * The stored matrix that it lies in: GPT-2's queries, keys and values are three places in one,
   * and count as one wherever a matrix is looked at as a whole.
   */
  String matrix(Model model) {
    return name(model).replaceFirst("\\[\\w+\\]$", "");
  }

  /** Hugging Face's name for it: "model.layers.3.mlp.down_proj". */
  String name(Model model) {
    return model.layerName(role, block);
  }
}
