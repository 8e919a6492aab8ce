package io.kerf.compress;

import io.kerf.model.Block;
import io.kerf.model.Lineage;
import io.kerf.model.Model;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Removes whole blocks; the others stay as they are, in order.
 *
 * <p>Indices count the blocks that the model has now, from 0: after one removal they are numbered
 * afresh. {@link Block#origin()} and the lineage keep the numbers of the model as loaded.
 */
public interface LayerRemoval extends Compression {
  /**
   * The blocks that stay, in order.
   *
   * @param layers how many there are now
   * @throws IllegalArgumentException if so many cannot be removed
   */
  List<Integer> layersKept(int layers);

  @Override
  default Model apply(Model model) {
    List<Block> blocks =
        layersKept(model.blocks().size()).stream().map(model.blocks()::get).toList();
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("method", "layer removal");
    settings.put("removed layers", Integer.toString(model.blocks().size() - blocks.size()));
    settings.put(
        "kept layers",
        blocks.stream().map(b -> Integer.toString(b.origin())).collect(Collectors.joining(" ")));
    return model.withBlocks(blocks, new Lineage.Step(label(), settings));
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
