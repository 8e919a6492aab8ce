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
  /** ALBERT's way from the width of its embeddings to that of its blocks. */
  EMBEDDING_PROJECTION,
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
  /** The norm before the feed-forward layers (LLaMA) or after them (BERT). */
  FFN_NORM,
  GATE,
  UP,
  DOWN,
  /** The norm of what the feed-forward layers add (Gemma). */
  POST_FFN_NORM,
  FINAL_NORM,
  /** From the model's width to that of the token embedding, where they differ. */
  PROJECT_OUT,
  /** BERT's dense layer before the head; ALBERT's leads back to the width of its embeddings. */
  HEAD_TRANSFORM,
  HEAD_NORM,
  /** Hidden state to vocabulary; absent where it is the token embedding. A bias may stand alone. */
  HEAD;

  /** Whether this is one of attention's four projections. */
  public boolean isAttention() {
    return this == QUERY || this == KEY || this == VALUE || this == OUTPUT;
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
