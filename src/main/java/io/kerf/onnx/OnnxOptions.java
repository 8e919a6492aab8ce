package io.kerf.onnx;

/**
 * How a model is written as ONNX.
 *
 * @param weights how many bits weights have in the file
 * @param packed whether products are left to the runtime's kernels for packed codes
 * @param cached whether a decoder takes the keys and values of earlier tokens and gives out all, so
 *     that each new token costs one
 * @param replace whether a file that exists is replaced
 */
public record OnnxOptions(Weights weights, boolean packed, boolean cached, boolean replace) {
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
    return new OnnxOptions(Weights.AS_HELD, false, false, false);
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

  /**
   * Codes stay packed in memory and are multiplied as they are: several times faster token by token
   * in ONNX Runtime, which by itself rounds each layer's inputs to 8 bits there, and logits move by
   * tenths. Its session option {@code session.qdq_matmulnbits_accuracy_level = 1} keeps the inputs
   * in float32. Groups must be of 16, 32, 64, ... columns for it to do so. Without this, codes
   * become float32 when the file is loaded, and logits are exact.
   */
  public OnnxOptions withPackedCodes() {
    return new OnnxOptions(weights, true, cached, replace);
  }

  /** A decoder that takes keys and values of earlier tokens, and gives out those of all. */
  public OnnxOptions withCache() {
    return new OnnxOptions(weights, packed, true, replace);
  }

  /** A file of that name is replaced. */
  public OnnxOptions overwrite() {
    return new OnnxOptions(weights, packed, cached, true);
  }

  private OnnxOptions with(Weights other) {
    return new OnnxOptions(other, packed, cached, replace);
  }
}
