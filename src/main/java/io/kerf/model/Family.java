package io.kerf.model;

/** An architecture: how its files name things, and what kind of language model it is. */
public enum Family {
  /** Encoder with a masked-language-model head (arXiv 1810.04805). */
  BERT("bert", Kind.MASKED),
  /** Decoder with rotary positions, RMS norms and a gated feed-forward layer (arXiv 2302.13971). */
  LLAMA("llama", Kind.CAUSAL);

  /** What a model predicts. */
  public enum Kind {
    /** The masked tokens, from both sides. */
    MASKED,
    /** The next token. */
    CAUSAL
  }

  private final String modelType;
  private final Kind kind;

  Family(String modelType, Kind kind) {
    this.modelType = modelType;
    this.kind = kind;
  }

  /** Hugging Face's {@code model_type}. */
  public String modelType() {
    return modelType;
  }

  public Kind kind() {
    return kind;
  }

  /**
   * Hugging Face's name for a layer: "model.layers.3.self_attn.q_proj".
   *
   * @param block its index; outside the blocks it does not matter
   * @throws IllegalArgumentException if the family has no layer of that role
   */
  public String layerName(Role role, int block) {
    return Architecture.of(this).layerName(role, block);
  }
}
