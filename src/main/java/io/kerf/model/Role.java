package io.kerf.model;

/**
 * What a weight does in a transformer, whatever its architecture calls it. The order is that of a
 * block's forward pass, and of every iteration over a model's weights.
 */
public enum Role {
  TOKEN_EMBEDDING,
  /** From the width of the token embedding to the model's, where they differ. */
  PROJECT_IN,
  POSITION_EMBEDDING,
  SEGMENT_EMBEDDING,
  EMBEDDING_NORM,
  /** T5's encoder: what a head adds to a score by how far apart two tokens are, (buckets, H). */
  ENCODER_POSITION_BIAS,
  /** The same of T5's decoder. */
  DECODER_POSITION_BIAS,
  /** The norm before attention (LLaMA) or after it (BERT). */
  ATTENTION_NORM,
  QUERY,
  KEY,
  VALUE,
  /** The norm of every query head. */
  QUERY_NORM,
  /** The norm of every key head. */
  KEY_NORM,
  /** Attention's output projection. */
  OUTPUT,
  /** The norm of what attention adds (Gemma). */
  POST_ATTENTION_NORM,
  /** The norm before a decoder's attention to the encoder's output. */
  CROSS_NORM,
  /** From the decoder's hidden state. */
  CROSS_QUERY,
  /** From the encoder's output. */
  CROSS_KEY,
  /** From the encoder's output. */
  CROSS_VALUE,
  CROSS_OUTPUT,
  /** The norm before the feed-forward layers (LLaMA) or after them (BERT). */
  FFN_NORM,
  GATE,
  UP,
  DOWN,
  /** The norm of what the feed-forward layers add (Gemma). */
  POST_FFN_NORM,
  /** The norm after the last block of an encoder that a decoder attends to. */
  ENCODER_NORM,
  /** The norm after the last block, before the head. */
  FINAL_NORM,
  /** From the model's width to that of the token embedding, where they differ. */
  PROJECT_OUT,
  /** BERT's dense layer before the head; ALBERT's leads back to the width of its embeddings. */
  HEAD_TRANSFORM,
  HEAD_NORM,
  /** Hidden state to vocabulary; absent where it is the token embedding. A bias may stand alone. */
  HEAD;

  /** Whether this is one of attention's projections, to a stack's own tokens or to the other's. */
  public boolean isAttention() {
    return isSelfAttention() || isCrossAttention();
  }

  /** Whether this is one of the four projections of attention within a stack. */
  public boolean isSelfAttention() {
    return this == QUERY || this == KEY || this == VALUE || this == OUTPUT;
  }

  /** Whether this is one of the four projections of attention to the encoder's output. */
  public boolean isCrossAttention() {
    return this == CROSS_QUERY || this == CROSS_KEY || this == CROSS_VALUE || this == CROSS_OUTPUT;
  }

  /** Whether this is one of the feed-forward projections. */
  public boolean isFeedForward() {
    return this == GATE || this == UP || this == DOWN;
  }

  /** Whether this is a linear layer inside a block. */
  public boolean isBlockLinear() {
    return isAttention() || isFeedForward();
  }
}
