package io.kerf.compress;

import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Blocks named by their indices. */
record ByIndex(List<Integer> removed) implements LayerRemoval {
  ByIndex {
    if (removed.isEmpty()) {
      throw new IllegalArgumentException("name at least one layer to remove");
    }
    TreeSet<Integer> seen = new TreeSet<>();
    for (int index : removed) {
      if (!seen.add(index)) {
        throw new IllegalArgumentException("layer " + index + " is named twice");
      }
    }
    removed = List.copyOf(seen);
  }

  @Override
  public List<Integer> layersKept(int layers) {
    for (int index : removed) {
      if (index < 0 || index >= layers) {
        throw new IllegalArgumentException(
            "there is no layer " + index + ": the model has " + layers + ", 0 to " + (layers - 1));
      }
    }
    if (removed.size() == layers) {
      throw new IllegalArgumentException(
          "cannot remove "
              + layers
              + " of "
              + layers
              + " layers: at least 1 must stay; remove at most "
              + (layers - 1));
    }
    return IntStream.range(0, layers).filter(i -> !removed.contains(i)).boxed().toList();
  }

  @Override
  public boolean byIndex() {
    return true;
  }

  /** "drop layers 3 7". */
  @Override
  public String label() {
    return removed.stream()
        .map(String::valueOf)
        .collect(Collectors.joining(" ", "drop layers ", ""));
  }
}
