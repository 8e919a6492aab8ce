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
   * @param spare whether it counts only where no other stored tensor is this weight
   */
  record Weight(String name, UnaryOperator<Tensor> view, boolean spare) {
    Weight(String name, UnaryOperator<Tensor> view) {
      this(name, view, false);
    }

    /** One that is stored as it is meant. */
    static List<Weight> plain(String name) {
      return List.of(new Weight(name, UnaryOperator.identity()));
    }

    /**
     * The bias that lies beside a head's last layer. Where the head is tied, that layer's own is
     * the same one; where it is not, transformers writes both and reads the layer's.
     *
     * @param module the last layer's name
     */
    static List<Weight> headBias(String module, Config config) {
      return List.of(new Weight(module + ".bias", UnaryOperator.identity(), !config.head().tied()));
    }
  }
}
