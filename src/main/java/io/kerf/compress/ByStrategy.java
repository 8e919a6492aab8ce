package io.kerf.compress;

import java.util.List;
import java.util.Objects;

/** So many blocks, chosen by a strategy. */
record ByStrategy(LayerStrategy strategy, int remove) implements LayerRemoval {
  ByStrategy {
    Objects.requireNonNull(strategy, "strategy");
    if (remove < 1) {
      throw new IllegalArgumentException("layers to remove must be at least 1, was " + remove);
    }
  }

  @Override
  public List<Integer> layersKept(int layers) {
    return strategy.layersKept(layers, remove);
  }

  /** "drop 4 max-gap". */
  @Override
  public String label() {
    return "drop " + remove + " " + strategy.label();
  }
}
