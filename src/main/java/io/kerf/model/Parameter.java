package io.kerf.model;

import io.kerf.tensor.Tensor;
import java.util.Optional;

/**
 * A layer's weight and bias. A linear layer's weight is (out, in), a norm's and a bias (D).
 *
 * @param weight may be null for a bias that stands alone (BERT's tied head)
 * @param bias may be null
 */
public record Parameter(Tensor weight, Tensor bias) {
  public Parameter {
    if (weight == null && bias == null) {
      throw new IllegalArgumentException("a parameter needs a weight or a bias");
    }
  }

  public static Parameter of(Tensor weight) {
    return new Parameter(weight, null);
  }

  /** The bias, where there is one. */
  public Optional<Tensor> optionalBias() {
    return Optional.ofNullable(bias);
  }

  /** The same bias under another weight. */
  public Parameter withWeight(Tensor replacement) {
    return new Parameter(replacement, bias);
  }

  /** How many numbers both hold. */
  public long elements() {
    return (weight == null ? 0 : weight.shape().elements())
        + (bias == null ? 0 : bias.shape().elements());
  }

  /** How many bytes both take as held. */
  public long sizeBytes() {
    return (weight == null ? 0 : weight.sizeBytes()) + (bias == null ? 0 : bias.sizeBytes());
  }
}
