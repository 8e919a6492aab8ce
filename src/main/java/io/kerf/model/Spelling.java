package io.kerf.model;

import io.kerf.tensor.Tensor;
import java.util.List;
import java.util.function.UnaryOperator;

/** How one kind of file spells an architecture's weights. */
@FunctionalInterface
interface Spelling {
  /**
   * What a stored tensor is: one weight, or several that lie in it together.
   *
   * @return Hugging Face names, known to the architecture or not; none for a tensor that the
   *     forward pass has no use for, such as a buffer or another task's head
   */
  List<Weight> weights(String stored);

  /**
   * A weight.
   *
   * @param name Hugging Face's, with ".weight" or ".bias"
   * @param view turns what is stored into what is meant: a transpose, a row order
   */
  record Weight(String name, UnaryOperator<Tensor> view) {
    /** One that is stored as it is meant. */
    static List<Weight> plain(String name) {
      return List.of(new Weight(name, UnaryOperator.identity()));
    }
  }
}
