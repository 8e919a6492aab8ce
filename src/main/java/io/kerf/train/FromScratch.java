package io.kerf.train;

import io.kerf.model.Block;
import io.kerf.model.Lineage;
import io.kerf.model.Model;
import io.kerf.model.Parameter;
import io.kerf.model.Role;
import io.kerf.tensor.FloatTensor;
import io.kerf.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** A model with weights as before any training, to be compared with one that was cut. */
public final class FromScratch {
  private static final double DEVIATION = 0.02;

  private final SplittableRandom random;
  private final double normGain;
  private final Map<Tensor, Tensor> drawn = new IdentityHashMap<>(); // shared tensors stay shared
  private double spare = Double.NaN;

  private FromScratch(long seed, double normGain) {
    this.random = new SplittableRandom(seed);
    this.normGain = normGain;
  }

  /**
   * The same architecture: matrices from a normal distribution of mean 0 and deviation 0.02, norms
   * 1, biases 0.
   */
  public static Model of(Model model, long seed) {
    FromScratch scratch = new FromScratch(seed, 1 - model.config().norms().gainOffset());
    Map<Role, Parameter> shared = scratch.all(model.shared());
    List<Block> blocks = new ArrayList<>();
    for (Block block : model.blocks()) {
      blocks.add(new Block(block.stack(), block.origin(), scratch.all(block.parameters())));
    }
    Map<String, String> settings = Map.of("seed", Long.toString(seed), "deviation", "0.02");
    return model.with(shared, blocks, new Lineage.Step("from scratch", settings));
  }

  private Map<Role, Parameter> all(Map<Role, Parameter> parameters) {
    Map<Role, Parameter> fresh = new EnumMap<>(Role.class);
    parameters.forEach(
        (role, p) -> fresh.put(role, new Parameter(weight(p.weight()), constant(p.bias(), 0))));
    return fresh;
  }

  private Tensor weight(Tensor weight) {
    if (weight == null || weight.shape().sizes().length == 1) {
      return constant(weight, normGain);
    }
    return drawn.computeIfAbsent(weight, w -> FloatTensor.wrap(w.shape(), normal(w)));
  }

  private float[] normal(Tensor like) {
    float[] values = new float[Math.toIntExact(like.shape().elements())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (DEVIATION * gaussian());
    }
    return values;
  }

  /** Marsaglia's polar method: the generator's own came with a later Java. */
  private double gaussian() {
    if (!Double.isNaN(spare)) {
      double kept = spare;
      spare = Double.NaN;
      return kept;
    }
    double x;
    double y;
    double square;
    do {
      x = 2 * random.nextDouble() - 1;
      y = 2 * random.nextDouble() - 1;
      square = x * x + y * y;
    } while (square >= 1 || square == 0);
    double factor = Math.sqrt(-2 * Math.log(square) / square);
    spare = y * factor;
    return x * factor;
  }

  private Tensor constant(Tensor like, double value) {
    if (like == null) {
      return null;
    }
    return drawn.computeIfAbsent(
        like,
        t -> {
          float[] values = new float[Math.toIntExact(t.shape().elements())];
          Arrays.fill(values, (float) value);
          return FloatTensor.wrap(t.shape(), values);
        });
  }
}
