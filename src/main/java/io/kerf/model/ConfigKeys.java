package io.kerf.model;

import java.util.List;

/**
 * How a family's {@code config.json} calls the sizes that a cut changes.
 *
 * @param layers how many blocks
 * @param feedForward width of the feed-forward layers
 */
record ConfigKeys(List<String> layers, String feedForward) {
  /** Most families'. */
  static final ConfigKeys USUAL = new ConfigKeys(List.of("num_hidden_layers"), "intermediate_size");

  ConfigKeys {
    layers = List.copyOf(layers);
  }

  ConfigKeys(String layers, String feedForward) {
    this(List.of(layers), feedForward);
  }
}
