package io.kerf.train;

import io.kerf.compress.Scope;
import io.kerf.engine.WeightChange.LowRank;
import io.kerf.model.AdapterTarget;
import io.kerf.model.Model;
import io.kerf.model.Role;
import io.kerf.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * Low-rank adaptation (arXiv 2106.09685): the model stays as it is, and beside each target W +
 * alpha / r B A learns, A (r, in) drawn evenly from +-1 / sqrt(in) as PEFT does, B (out, r) from 0.
 *
 * @param rank r, at least 1
 * @param alpha the scale is alpha / r
 * @param targets which layers; queries, keys and values unless something else is asked for
 */
public record Lora(int rank, double alpha, AdapterTargets targets) {
  public Lora {
    Objects.requireNonNull(targets, "targets");
    if (rank < 1) {
      throw new IllegalArgumentException("rank must be at least 1, was " + rank);
    }
    if (!(alpha > 0 && Double.isFinite(alpha))) {
      throw new IllegalArgumentException("alpha must be positive, was " + alpha);
    }
  }

  /** With alpha twice the rank, on queries, keys and values. */
  public static Lora of(int rank) {
    return new Lora(rank, 2.0 * rank, AdapterTargets.of(Scope.QKV));
  }

  /** The same with another scale. */
  public Lora alpha(double other) {
    return new Lora(rank, other, targets);
  }

  /** The same on all layers of these scopes. */
  public Lora in(Scope... scopes) {
    return new Lora(rank, alpha, AdapterTargets.of(scopes));
  }

  /** The same on the layers of these names, as the model's files have them: "q_proj". */
  public Lora in(String... modules) {
    return new Lora(rank, alpha, AdapterTargets.of(modules));
  }

  /** What learns in a model, to begin with. */
  Map<AdapterTarget, LowRank> begin(Model model, long seed) {
    Map<AdapterTarget, LowRank> adapters = new LinkedHashMap<>();
    for (AdapterTarget target : targets.in(model)) {
      Shape shape = weight(model, target.block(), target.role());
      io.kerf.model.Adapter.requireRank(
          rank, model.layerName(target.role(), target.block()), shape);
      long own = seed * 31 + 1_009L * target.block() + target.role().ordinal();
      float[] a = drawn(rank, shape.columns(), own);
      adapters.put(target, new LowRank(rank, alpha / rank, a, null));
    }
    return adapters;
  }

  /** A (rank, columns), drawn evenly from +-1 / sqrt(columns). */
  static float[] drawn(int rank, int columns, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double bound = 1 / Math.sqrt(columns);
    float[] a = new float[rank * columns];
    for (int i = 0; i < a.length; i++) {
      a[i] = (float) ((2 * random.nextDouble() - 1) * bound);
    }
    return a;
  }

  private static Shape weight(Model model, int block, Role role) {
    return (block < 0 ? model.shared().get(role) : model.blocks().get(block).parameter(role))
        .weight()
        .shape();
  }

  /** "LoRA 8". */
  String label() {
    return "LoRA " + rank;
  }
}
