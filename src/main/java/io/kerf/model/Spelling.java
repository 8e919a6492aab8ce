package io.kerf.model;

import io.kerf.tensor.Tensor;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** How one kind of file spells an architecture's weights. */
@FunctionalInterface
interface Spelling {
  /**
   * What a stored tensor is.
   *
   * @return its Hugging Face name, known to the architecture or not; nothing for a tensor that the
   *     forward pass has no use for, such as a buffer or another task's head
   */
  Optional<Weight> weight(String stored);

  /**
   * A weight.
   *
   * @param name Hugging Face's, with ".weight" or ".bias"
   * @param view turns what is stored into what is meant: a transpose, a row order
   */
  record Weight(String name, UnaryOperator<Tensor> view) {
    /** One that is stored as it is meant. */
    static Optional<Weight> plain(String name) {
      return Optional.of(new Weight(name, UnaryOperator.identity()));
    }
  }
}
