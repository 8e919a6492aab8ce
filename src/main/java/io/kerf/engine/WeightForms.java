package io.kerf.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.kerf.engine.WeightChange.DecayingMask;
import io.kerf.engine.WeightChange.Factors;
import io.kerf.engine.WeightChange.LowRank;
import io.kerf.engine.WeightNames.Place;
import io.kerf.tensor.IntegerFormat;
import io.kerf.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * What a page computes with in place of a linear layer's weight (out, in): the weight itself, or
 * one that is made of it, part by part, after every step.
 */
final class WeightForms {
  private final Masters masters;
  private final Script script;
  private final NDArray used;
  private final NDArray gradient;

  /**
   * Makes them.
   *
   * @param value (out, in) float32
   * @param master which learns that value; null where it does not
   */
  WeightForms(Masters masters, List<Tensor> parts, NDArray value, Master master) {
    this.masters = masters;
    this.script = masters.script();
    WeightChange changes = masters.how().changes();
    boolean adapted = false; // by what learns beside the weight
    boolean rounded = false;
    boolean masked = false;
    for (Tensor part : parts) {
      Place place = masters.place(part);
      boolean factored = changes.factors(place.block(), place.role()).isPresent();
      boolean low = changes.adapter(place.block(), place.role()).isPresent();
      boolean moving = changes.decayingMask(place.block(), place.role()).isPresent();
      requireOne(place, low, factored, moving, master != null);
      adapted |= low || factored;
      masked |= moving;
      rounded |= changes.roundedTo(place.block(), place.role()).isPresent();
    }
    int first = 0;
    for (Tensor part : parts) {
      Place place = masters.place(part);
      if (master != null && changes.keepsZeros(place.block(), place.role())) {
        masters.form(zerosKept(master, first, part));
      }
      first += part.shape().rows();
    }
    boolean half = masters.how().half();
    boolean apart = adapted || rounded || masked;
    NDArray whole = apart ? copy(value) : value;
    gradient = master != null ? master.gradient() : adapted ? masters.passing(value) : null;
    first = 0;
    for (Tensor part : parts) {
      Place place = masters.place(part);
      Optional<LowRank> adapter = changes.adapter(place.block(), place.role());
      Optional<Factors> factors = changes.factors(place.block(), place.role());
      Optional<DecayingMask> mask = changes.decayingMask(place.block(), place.role());
      Optional<IntegerFormat> integers = changes.roundedTo(place.block(), place.role());
      int at = first;
      adapter.ifPresent(a -> masters.form(adapted(place, a, value, whole, at, part)));
      factors.ifPresent(
          f -> masters.form(Factored.of(masters, part, f, value, whole, gradient, at)));
      mask.ifPresent(m -> masters.form(DecayMasked.of(masters, part, m, master, whole, at)));
      boolean made = adapter.isPresent() || factors.isPresent() || mask.isPresent();
      integers.ifPresent(
          format -> masters.form(rounded(made ? whole : value, whole, at, part, format)));
      if (apart && !made && integers.isEmpty() && master != null) {
        int rows = part.shape().rows();
        masters.form(steps -> script.run("copy_rows", whole, value, at, rows));
      }
      first += part.shape().rows();
    }
    used = half ? masters.script().array(masters.memory(), "bfloat16", whole) : whole;
    if (half && (master != null || apart)) {
      NDArray narrow = used;
      masters.form(steps -> script.run("renew", List.of(narrow), List.of(whole)));
    }
  }

  private static void requireOne(
      Place place, boolean adapter, boolean factors, boolean mask, boolean learns) {
    if ((adapter ? 1 : 0) + (factors ? 1 : 0) + (mask ? 1 : 0) > 1) {
      throw new IllegalArgumentException(
          place.name() + ": one of an adapter, factors and a mask that moves can be had, not two");
    }
    if (factors && learns) {
      throw new IllegalArgumentException(
          place.name()
              + ": factors learn in a weight's place, but it is to learn itself,"
              + " or a layer that is computed with it as one");
    }
  }

  NDArray used() {
    return used;
  }

  /** Where the gradient of what is used goes; null where none is wanted. */
  NDArray gradient() {
    return gradient;
  }

  private NDArray copy(NDArray value) {
    return script.array(masters.memory(), "copied", value);
  }

  private Form zerosKept(Master master, int first, Tensor part) {
    int rows = part.shape().rows();
    NDArray mask = script.array(masters.memory(), "standing", master.value(), first, rows);
    return new Form() {
      @Override
      public void renew(long steps) {
        script.run("mask_rows", master.value(), mask, first);
      }

      @Override
      public void pull(long steps) {
        script.run("mask_rows", master.gradient(), mask, first);
      }
    };
  }

  private Form adapted(
      Place place, LowRank low, NDArray base, NDArray whole, int first, Tensor part) {
    int rows = part.shape().rows();
    int columns = part.shape().columns();
    NDArray startA = masters.memory().create(low.a(), new Shape(low.rank(), columns));
    float[] b = low.b() == null ? new float[rows * low.rank()] : low.b();
    NDArray startB = masters.memory().create(b, new Shape(rows, low.rank()));
    String name = place.name().replaceFirst("\\.weight$", "");
    Master masterA = masters.added(name + ".lora_a", startA);
    Master masterB = masters.added(name + ".lora_b", startB);
    NDArray arriving = gradient;
    masters.merged(part, whole, first);
    return new Form() {
      @Override
      public void renew(long steps) {
        script.run("adapt_rows", whole, base, masterA.value(), masterB.value(), low.scale(), first);
      }

      @Override
      public void pull(long steps) {
        script.run(
            "pull_adapter",
            arriving,
            masterA.value(),
            masterB.value(),
            masterA.gradient(),
            masterB.gradient(),
            low.scale(),
            first);
      }
    };
  }

  private Form rounded(NDArray from, NDArray whole, int first, Tensor part, IntegerFormat format) {
    int rows = part.shape().rows();
    int columns = part.shape().columns();
    int group =
        format.granularity() == IntegerFormat.Granularity.TENSOR ? 0 : format.groupColumns(columns);
    if (group > 0 && columns % group != 0) {
      throw new IllegalArgumentException(
          masters.place(part).name()
              + ": "
              + columns
              + " columns are not a multiple of group "
              + group
              + ", as training with rounded weights needs it; choose another group");
    }
    int scheme = format.scheme().ordinal();
    return steps ->
        script.run("round_rows", whole, from, first, rows, group, format.bits(), scheme);
  }
}
