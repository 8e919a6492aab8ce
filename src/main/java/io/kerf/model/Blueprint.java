package io.kerf.model;

import java.util.List;

/**
 * What a model's configuration promises: every layer that its files must hold, and its shape.
 *
 * @param config sizes and switches
 * @param shared the layers outside the blocks
 * @param parts its stacks, the encoder first
 */
record Blueprint(Config config, List<Layer> shared, List<Part> parts) {
  Blueprint {
    shared = List.copyOf(shared);
    parts = List.copyOf(parts);
  }

  /** A model of one stack. */
  Blueprint(Config config, int blocks, List<Layer> shared, List<Layer> perBlock) {
    this(config, shared, List.of(new Part(config.family().onlyStack(), blocks, perBlock)));
  }

  /** How many blocks all stacks have. */
  int blocks() {
    return parts.stream().mapToInt(Part::blocks).sum();
  }

  /**
   * One stack.
   *
   * @param blocks how many blocks
   * @param perBlock the layers of every block
   */
  record Part(Stack stack, int blocks, List<Layer> perBlock) {
    Part {
      perBlock = List.copyOf(perBlock);
      if (blocks <= 0) {
        throw new IllegalArgumentException("num_hidden_layers must be positive, was " + blocks);
      }
    }
  }
}
