package io.kerf.onnx;

/**
 * How a model is written as ONNX.
 *
 * @param weights how many bits weights have in the file
 * @param cached whether a decoder takes the keys and values of earlier tokens and gives out all, so
 *     that each new token costs one
 * @param replace whether a file that exists is replaced
 */
public record OnnxOptions(Weights weights, boolean cached, boolean replace) {
  /** How many bits weights have in the file. */
  public enum Weights {
    /** Quantized weights as their codes, all others in float32. */
    AS_HELD,
    /** All in float32, quantized ones as the values that their codes stand for. */
    FLOAT32,
    /** The linear layers' in 8 bits. */
    INT8,
    /** The linear layers' in 4 bits. */
    INT4
  }

  /** As the variant holds them, without a cache; nothing is replaced. */
  public static OnnxOptions of() {
    return new OnnxOptions(Weights.AS_HELD, false, false);
  }

  /** Every weight in float32, quantized ones as the values that their codes stand for. */
  public OnnxOptions float32() {
    return with(Weights.FLOAT32);
  }

  /**
   * Linear layers in 8 bits: a variant's own codes, or, where it holds none, those of {@code
   * int8()}.
   */
  public OnnxOptions int8() {
    return with(Weights.INT8);
  }

  /**
   * Linear layers in 4 bits: a variant's own codes, or, where it holds none, those of {@code
   * int4()}.
   */
  public OnnxOptions int4() {
    return with(Weights.INT4);
  }

  /** A decoder that takes keys and values of earlier tokens, and gives out those of all. */
  public OnnxOptions withCache() {
    return new OnnxOptions(weights, true, replace);
  }

  /** A file of that name is replaced. */
  public OnnxOptions replacing() {
    return new OnnxOptions(weights, cached, true);
  }

  private OnnxOptions with(Weights other) {
    return new OnnxOptions(other, cached, replace);
  }
}
