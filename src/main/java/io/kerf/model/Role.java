package io.kerf.model;

/**
 * What a weight does in a transformer, whatever its architecture calls it. The order is that of a
 * block's forward pass, and of every iteration over a model's weights.
 */
public enum Role {
  TOKEN_EMBEDDING,
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
  /** Attention's output projection. */
  OUTPUT,
  /** The norm before the feed-forward layers (LLaMA) or after them (BERT). */
  FFN_NORM,
  GATE,
  UP,
  DOWN,
  FINAL_NORM,
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
