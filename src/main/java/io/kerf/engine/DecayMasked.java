package io.kerf.engine;

import ai.djl.ndarray.NDArray;
import io.kerf.engine.WeightChange.DecayingMask;
import io.kerf.tensor.Tensor;

/** Rows of a weight under a mask that moves with them, while what it leaves out decays. */
record DecayMasked(
    Script script, Master master, NDArray whole, NDArray mask, DecayingMask how, int first)
    implements Form {
  /**
   * Makes it.
   *
   * @param master which learns the weight; null where it does not
   * @param whole what is computed with
   */
  static DecayMasked of(
      Masters masters, Tensor part, DecayingMask how, Master master, NDArray whole, int first) {
    String name = masters.place(part).name();
    if (master == null) {
      throw new IllegalArgumentException(
          name + ": a mask moves with what learns, and this weight does not learn");
    }
    int columns = part.shape().columns();
    if (columns % how.of() != 0) {
      throw new IllegalArgumentException(
          name
              + ": "
              + columns
              + " columns are not a multiple of "
              + how.of()
              + ", as keeping "
              + how.kept()
              + " of "
              + how.of()
              + " needs; choose another pattern or leave this layer out");
    }
    NDArray mask =
        masters
            .script()
            .array(masters.memory(), "standing", master.value(), first, part.shape().rows());
    masters.keep("mask." + name, mask);
    masters.merged(part, whole, first);
    return new DecayMasked(masters.script(), master, whole, mask, how, first);
  }

  @Override
  public void renew(long steps) {
    if (steps % how.every() == 0 && steps <= how.settling()) {
      script.run("choose_mask", mask, master.value(), first, how.of(), how.of() - how.kept());
    }
    script.run("masked_rows", whole, master.value(), mask, first);
  }

  @Override
  public void pull(long steps) {
    double decay = how.decay() * Math.min(1, steps / (double) how.settling());
    script.run("decay_rows", master.gradient(), master.value(), mask, decay, first);
  }
}
