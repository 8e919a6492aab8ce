package io.kerf.compress;

import io.kerf.model.Stack;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Blocks of some stacks alone. */
record InStacks(LayerRemoval removal, List<Stack> named) implements LayerRemoval {
  InStacks {
    if (named.isEmpty()) {
      throw new IllegalArgumentException("name at least one stack: encoder, decoder");
    }
    named = List.copyOf(EnumSet.copyOf(named));
  }

  @Override
  public List<Integer> layersKept(int layers) {
    return removal.layersKept(layers);
  }

  @Override
  public Set<Stack> stacks() {
    return EnumSet.copyOf(named);
  }

  @Override
  public boolean byIndex() {
    return removal.byIndex();
  }

  @Override
  public LayerRemoval in(Stack... stacks) {
    return removal.in(stacks);
  }

  /** "drop 2 last encoder". */
  @Override
  public String label() {
    return removal.label()
        + named.stream().map(Stack::label).collect(Collectors.joining("+", " ", ""));
  }
}
