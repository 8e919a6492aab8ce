package io.kerf.compress;

import io.kerf.model.Block;
import io.kerf.model.Lineage;
import io.kerf.model.Model;
import io.kerf.model.Stack;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Removes whole blocks; the others stay as they are, in order.
 *
 * <p>Indices count the blocks that the model has now, from 0: after one removal they are numbered
 * afresh. {@link Block#origin()} and the lineage keep the numbers of the model as loaded.
 *
 * <p>An encoder-decoder loses so many blocks of each of its stacks, unless {@link #in} names one;
 * where blocks are named by index it must. The step's label says which.
 */
public interface LayerRemoval extends Compression {
  /**
   * The blocks that stay, in order.
   *
   * @param layers how many there are now
   * @throws IllegalArgumentException if so many cannot be removed
   */
  List<Integer> layersKept(int layers);

  /** The stacks that lose blocks; none stands for all that the model has. */
  default Set<Stack> stacks() {
    return Set.of();
  }

  /** Whether blocks are named one by one, so that of two stacks one must be named. */
  default boolean byIndex() {
    return false;
  }

  /** The same in these stacks alone. */
  default LayerRemoval in(Stack... stacks) {
    return new InStacks(this, List.of(stacks));
  }

  @Override
  default Model apply(Model model) {
    requireStacks(model);
    boolean several = model.stacks().size() > 1;
    boolean each = several && stacks().isEmpty();
    List<Block> blocks = new ArrayList<>();
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("method", "layer removal");
    for (Stack stack : model.stacks()) {
      List<Block> all = model.blocks(stack);
      List<Block> kept =
          stacks().isEmpty() || stacks().contains(stack)
              ? layersKept(all.size()).stream().map(all::get).toList()
              : all;
      String which = several ? stack.label() + " layers" : "layers";
      settings.put("removed " + which, Integer.toString(all.size() - kept.size()));
      settings.put(
          "kept " + which,
          kept.stream().map(b -> Integer.toString(b.origin())).collect(Collectors.joining(" ")));
      blocks.addAll(kept);
    }
    String label = label() + (each ? " of each stack" : "");
    return model.withBlocks(blocks, new Lineage.Step(label, settings));
  }

  private void requireStacks(Model model) {
    for (Stack stack : stacks()) {
      if (!model.stacks().contains(stack)) {
        throw new IllegalArgumentException(
            model.lineage().name()
                + " ("
                + model.config().family().modelType()
                + ") has no "
                + stack.label()
                + " to remove layers of");
      }
    }
    if (byIndex() && model.stacks().size() > 1 && stacks().size() != 1) {
      throw new IllegalArgumentException(
          label()
              + ": "
              + model.lineage().name()
              + " has an encoder and a decoder; say which, .in(ENCODER) or .in(DECODER)");
    }
  }

  /** Removes so many by that strategy. */
  static LayerRemoval of(LayerStrategy strategy, int remove) {
    return new ByStrategy(strategy, remove);
  }

  /** Removes the last ones. */
  static LayerRemoval last(int remove) {
    return of(LayerStrategy.LAST, remove);
  }

  /** Removes the first ones. */
  static LayerRemoval first(int remove) {
    return of(LayerStrategy.FIRST, remove);
  }

  /** Removes the ones in the middle. */
  static LayerRemoval middle(int remove) {
    return of(LayerStrategy.MIDDLE, remove);
  }

  /** Removes every other one from the top. */
  static LayerRemoval alternate(int remove) {
    return of(LayerStrategy.ALTERNATE, remove);
  }

  /** Keeps evenly spread ones, the first and the last among them. */
  static LayerRemoval uniform(int remove) {
    return of(LayerStrategy.UNIFORM, remove);
  }

  /** Removes evenly spread ones between the first and the last. */
  static LayerRemoval maxGap(int remove) {
    return of(LayerStrategy.MAX_GAP, remove);
  }

  /** Removes the ones after the first. */
  static LayerRemoval input(int remove) {
    return of(LayerStrategy.INPUT, remove);
  }

  /** Removes the ones before the last. */
  static LayerRemoval output(int remove) {
    return of(LayerStrategy.OUTPUT, remove);
  }

  /** Removes half of them after the first and half before the last. */
  static LayerRemoval both(int remove) {
    return of(LayerStrategy.BOTH, remove);
  }

  /** Removes just these, by the index they have now. */
  static LayerRemoval layers(int... indices) {
    return new ByIndex(Arrays.stream(indices).boxed().toList());
  }
}
