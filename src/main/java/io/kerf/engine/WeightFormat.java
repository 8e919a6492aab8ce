package io.kerf.engine;

/**
 * How a session holds the weights of linear layers, and by which kernel it multiplies with them.
 */
public enum WeightFormat {
  /** Plain float32. */
  FLOAT32("float32"),
  /** float32 laid out in oneDNN's blocks: the same values to about 3e-6, faster. */
  FLOAT32_PACKED("float32 packed"),
  /** bfloat16 weights and inputs of linear layers, oneDNN; everything between is float32. */
  BFLOAT16("bfloat16"),
  /** int8 weights per output row, activations quantized as they come (fbgemm). */
  INT8_DYNAMIC("int8 dynamic"),
  /**
   * int4 weights in groups of 32 with a scale and a mid-point, bfloat16 activations; the head int8.
   */
  INT4_GROUP("int4 group");

  private final String label;

  WeightFormat(String label) {
    this.label = label;
  }

  /** "float32 packed": for tables. */
  public String label() {
    return label;
  }
}
