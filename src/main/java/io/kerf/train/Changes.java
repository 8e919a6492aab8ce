package io.kerf.train;

import io.kerf.compress.RoundToNearest;
import io.kerf.engine.WeightChange;
import io.kerf.model.AdapterTarget;
import io.kerf.model.Model;
import io.kerf.model.Parameter;
import io.kerf.model.Role;
import io.kerf.tensor.IntegerFormat;
import io.kerf.tensor.MaskedTensor;
import io.kerf.tensor.QuantizedTensor;
import io.kerf.train.Pretraining.Zeros;
import java.util.Map;
import java.util.Optional;

/**
 * What of a model learns by a recipe.
 *
 * @param adapters what learns in the weights' place; empty where these learn themselves
 */
record Changes(
    Model model,
    Zeros zeros,
    Optional<RoundToNearest> rounding,
    Map<AdapterTarget, LowRank> adapters,
    Optional<Sparse> sparse,
    int steps,
    long seed)
    implements WeightChange {
  /**
   * Of a model that may be trained so.
   *
   * @throws IllegalArgumentException if weights in integers are to learn as if they were not
   */
  static Changes of(Model model, Pretraining recipe) {
    Map<AdapterTarget, LowRank> adapters =
        recipe.lora().map(lora -> lora.begin(model, recipe.seed())).orElse(Map.of());
    Changes changes =
        new Changes(
            model,
            recipe.zeros(),
            recipe.rounding(),
            adapters,
            recipe.sparse(),
            recipe.steps(),
            recipe.seed());
    if (changes.wholeModelLearns() && recipe.rounding().isEmpty()) {
      changes.requireNoIntegers();
    }
    return changes;
  }

  private void requireNoIntegers() {
    for (int b = 0; b < model.blocks().size(); b++) {
      for (Map.Entry<Role, Parameter> entry : model.blocks().get(b).parameters().entrySet()) {
        if (entry.getValue().weight() instanceof QuantizedTensor codes) {
          throw new IllegalArgumentException(
              model.layerName(entry.getKey(), b)
                  + " holds "
                  + codes.encoding()
                  + ", which no step of training could change: train with the weights rounded,"
                  + " .rounding(int4()), or with adapters beside them, .lora(8)");
        }
      }
    }
  }

  @Override
  public boolean learns(int block, Role role) {
    return wholeModelLearns();
  }

  private boolean wholeModelLearns() {
    return adapters.isEmpty() && sparse.filter(Sparse.Multiplied.class::isInstance).isEmpty();
  }

  private boolean isSparse(int block, Role role) {
    return block != OUTSIDE
        && role.isBlockLinear()
        && sparse.stream()
            .flatMap(s -> s.scopes().stream())
            .anyMatch(scope -> scope.contains(role, model.blocks().get(block).stack()));
  }

  @Override
  public Optional<DecayingMask> decayingMask(int block, Role role) {
    return sparse.isPresent()
            && sparse.get() instanceof Sparse.Moving moving
            && isSparse(block, role)
        ? Optional.of(moving.mask(steps))
        : Optional.empty();
  }

  @Override
  public Optional<Factors> factors(int block, Role role) {
    return sparse.isPresent()
            && sparse.get() instanceof Sparse.Multiplied multiplied
            && isSparse(block, role)
        ? Optional.of(
            multiplied.factors(
                model.blocks().get(block).parameter(role).weight().shape(),
                seed * 31 + 1_009L * block + role.ordinal()))
        : Optional.empty();
  }

  @Override
  public boolean keepsZeros(int block, Role role) {
    if (block == OUTSIDE || !role.isBlockLinear() || isSparse(block, role)) {
      return false;
    }
    return switch (zeros) {
      case ALL -> true;
      case NONE -> false;
      case PRUNED -> model.blocks().get(block).parameter(role).weight() instanceof MaskedTensor;
    };
  }

  @Override
  public Optional<IntegerFormat> roundedTo(int block, Role role) {
    return block == OUTSIDE
        ? Optional.empty()
        : rounding
            .filter(
                to ->
                    to.scopes().stream()
                        .anyMatch(scope -> scope.contains(role, model.blocks().get(block).stack())))
            .map(RoundToNearest::format);
  }

  @Override
  public Optional<LowRank> adapter(int block, Role role) {
    return Optional.ofNullable(adapters.get(new AdapterTarget(block, role)));
  }
}
