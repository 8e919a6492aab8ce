package io.kerf.tensor;

/** How a linear layer with a quantized weight is meant to be computed. */
public enum Execution {
  /** The weight is decoded; activations stay in floating point. */
  WEIGHT_ONLY,
  /**
   * Activations are rounded to int8 as they come, one scale a call or a row, and multiplied in
   * integers.
   */
  DYNAMIC_INT8;

  /** How that weight asks to be run; one that is not quantized asks for nothing special. */
  public static Execution of(Tensor weight) {
    if (weight instanceof MaskedTensor masked) {
      return of(masked.base());
    }
    return weight instanceof QuantizedTensor quantized ? quantized.execution() : WEIGHT_ONLY;
  }
}
