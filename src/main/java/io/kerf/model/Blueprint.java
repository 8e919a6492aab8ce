package io.kerf.model;

import java.util.List;

/**
 * What a model's configuration promises: every layer that its files must hold, and its shape.
 *
 * @param config sizes and switches
 * @param blocks how many blocks
 * @param shared the layers outside the blocks
 * @param perBlock the layers of every block
 */
record Blueprint(Config config, int blocks, List<Layer> shared, List<Layer> perBlock) {
  Blueprint {
    shared = List.copyOf(shared);
    perBlock = List.copyOf(perBlock);
    if (blocks <= 0) {
      throw new IllegalArgumentException("num_hidden_layers must be positive, was " + blocks);
    }
  }
}
