package io.kerf.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import io.kerf.engine.Composed.Run;
import io.kerf.model.Block;
import io.kerf.model.Config;
import io.kerf.model.Model;
import io.kerf.model.Parameter;
import io.kerf.model.Role;
import io.kerf.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A decoder's norms as its page takes them: five a block, then the last, a gain and an offset each.
 */
final class DecoderNorms {
  private final PtNDManager memory;
  private final Masters masters; // where the model learns; else null
  private final Config config;
  private final NDArray none;
  private final List<NDArray> arrays = new ArrayList<>();

  DecoderNorms(Page page, Model model) {
    this.memory = page.memory;
    this.masters = page.weights.masters();
    this.config = model.config();
    this.none = memory.create(new Shape(0), DataType.FLOAT32);
    for (Block block : model.blocks()) {
      Map<Role, Parameter> parameters = block.parameters();
      add(parameters.get(Role.ATTENTION_NORM), true);
      addHeads(parameters.get(Role.QUERY_NORM), parameters.get(Role.KEY_NORM));
      add(parameters.get(Role.POST_ATTENTION_NORM), false);
      // Side by side, both halves may follow the one norm.
      add(parameters.get(Role.FFN_NORM), config.norms().order() != Config.Norms.Order.PARALLEL);
      add(parameters.get(Role.POST_FFN_NORM), false);
    }
    add(model.shared().get(Role.FINAL_NORM), config.norms().last());
  }

  List<NDArray> arrays() {
    return arrays;
  }

  /**
   * Adds a norm of hidden states.
   *
   * @param always whether it is computed without a gain too, if there is none
   */
  private void add(Parameter norm, boolean always) {
    if (norm == null && !always) {
      arrays.addAll(List.of(none, none));
      return;
    }
    int width = config.width();
    double more = config.norms().gainOffset();
    arrays.add(
        composed(
            memory.create(gain(norm, width), new Shape(width)),
            List.of(new Run(norm == null ? null : norm.weight(), 0, 1, more))));
    arrays.add(
        composed(
            memory.create(offset(norm, width), new Shape(width)),
            List.of(new Run(norm == null ? null : norm.bias(), 0, 1, 0))));
  }

  /** An array as the page takes it, made of tensors that may learn. */
  private NDArray composed(NDArray array, List<Run> runs) {
    return masters == null ? array : masters.composed(array, runs);
  }

  /** Adds the norms of queries and keys as one of all heads: (H + K, E). */
  private void addHeads(Parameter query, Parameter key) {
    if (query == null || key == null) {
      arrays.addAll(List.of(none, none));
      return;
    }
    Config.Attention attention = config.attention();
    int width = attention.headWidth();
    int heads = attention.heads() + attention.keyValueHeads();
    float[] gains = new float[heads * width];
    float[] offsets = new float[heads * width];
    for (int head = 0; head < heads; head++) {
      Parameter norm = head < attention.heads() ? query : key;
      System.arraycopy(gain(norm, width), 0, gains, head * width, width);
      System.arraycopy(offset(norm, width), 0, offsets, head * width, width);
    }
    int queries = attention.heads();
    int keys = attention.keyValueHeads();
    double more = config.norms().gainOffset();
    arrays.add(
        composed(
            memory.create(gains, new Shape(heads, width)),
            List.of(
                new Run(query.weight(), 0, queries, more),
                new Run(key.weight(), queries, keys, more))));
    arrays.add(
        composed(
            memory.create(offsets, new Shape(heads, width)),
            List.of(new Run(query.bias(), 0, queries, 0), new Run(key.bias(), queries, keys, 0))));
  }

  private float[] gain(Parameter norm, int width) {
    float[] gains = values(norm == null ? null : norm.weight(), width, 1);
    float more = norm == null ? 0 : (float) config.norms().gainOffset();
    for (int i = 0; i < width; i++) {
      gains[i] += more;
    }
    return gains;
  }

  private static float[] offset(Parameter norm, int width) {
    return values(norm == null ? null : norm.bias(), width, 0);
  }

  private static float[] values(Tensor tensor, int width, float absent) {
    if (tensor != null) {
      return tensor.toFloats();
    }
    float[] values = new float[width];
    Arrays.fill(values, absent);
    return values;
  }
}
