package io.kerf.model;

/** An architecture: how its files name things, and what kind of language model it is. */
public enum Family {
  /** Encoder with a masked-language-model head (arXiv 1810.04805). */
  BERT("bert", Kind.MASKED),
  /** BERT trained longer, with positions counted behind the padding's id (arXiv 1907.11692). */
  ROBERTA("roberta", Kind.MASKED),
  /** BERT distilled to half its blocks, without segments (arXiv 1910.01108). */
  DISTILBERT("distilbert", Kind.MASKED),
  /** BERT whose blocks all are one, with narrow embeddings (arXiv 1909.11942). */
  ALBERT("albert", Kind.MASKED),
  /** Encoder and decoder with relative positions and RMS norms (arXiv 1910.10683). */
  T5("t5", Kind.ENCODER_DECODER),
  /** Decoder with rotary positions, RMS norms and a gated feed-forward layer (arXiv 2302.13971). */
  LLAMA("llama", Kind.CAUSAL),
  /** Decoder with learned positions and layer norms; its projections are stored (in, out). */
  GPT2("gpt2", Kind.CAUSAL),
  /** Decoder with learned positions, norms before or after each half (arXiv 2205.01068). */
  OPT("opt", Kind.CAUSAL),
  /** Pythia: heads turned in part, both halves of a block side by side (arXiv 2204.06745). */
  GPT_NEOX("gpt_neox", Kind.CAUSAL),
  /** LLaMA that sees a sliding window (arXiv 2310.06825). */
  MISTRAL("mistral", Kind.CAUSAL),
  /** LLaMA with biases in queries, keys and values (arXiv 2407.10671). */
  QWEN2("qwen2", Kind.CAUSAL),
  /** LLaMA whose queries and keys are normed (arXiv 2505.09388). */
  QWEN3("qwen3", Kind.CAUSAL),
  /** Norms around each half, soft caps, every other block with a window (arXiv 2408.00118). */
  GEMMA2("gemma2", Kind.CAUSAL),
  /** Gemma 2 with normed queries and keys and two rotary bases (arXiv 2503.19786). */
  GEMMA3("gemma3_text", Kind.CAUSAL),
  /** Both halves of a block side by side after one layer norm (arXiv 2309.05463). */
  PHI("phi", Kind.CAUSAL);

  /** What a model predicts. */
  public enum Kind {
    /** The masked tokens, from both sides. */
    MASKED("a masked language model"),
    /** The next token. */
    CAUSAL("a causal language model"),
    /** The next token of one text, from the whole of another. */
    ENCODER_DECODER("an encoder-decoder model");

    private final String described;

    Kind(String described) {
      this.described = described;
    }

    /** "a masked language model": for sentences. */
    public String described() {
      return described;
    }
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
   * The stack that a model of one stack has.
   *
   * @throws IllegalArgumentException if it has two
   */
  public Stack onlyStack() {
    return switch (kind) {
      case MASKED -> Stack.ENCODER;
      case CAUSAL -> Stack.DECODER;
      case ENCODER_DECODER ->
          throw new IllegalArgumentException("a " + modelType + " has two stacks: say which");
    };
  }

  /**
   * Hugging Face's name for a layer of a family of one stack: "model.layers.3.self_attn.q_proj". A
   * model knows the names of any: {@link Model#layerName}.
   *
   * @param block its index; outside the blocks it does not matter
   * @throws IllegalArgumentException if the family has no layer of that role outside two stacks
   */
  public String layerName(Role role, int block) {
    return Architecture.of(this).layerName(role).replace("{}", String.valueOf(block));
  }
}
