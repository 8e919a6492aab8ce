package io.kerf.model;

import io.kerf.tensor.Shape;

/**
 * The shapes of a layer that an architecture has.
 *
 * @param role what it does
 * @param weight the weight's shape, or null where it has none of its own (a tied head)
 * @param bias the bias's shape, or null where it has none
 */
record Layer(Role role, Shape weight, Shape bias) {
  /** A linear layer: weight (out, in), bias (out). */
  static Layer linear(Role role, int out, int in, boolean bias) {
    return new Layer(role, Shape.of(out, in), bias ? Shape.of(out) : null);
  }

  /** A table of one row a token, position or segment. */
  static Layer embedding(Role role, int rows, int width) {
    return new Layer(role, Shape.of(rows, width), null);
  }

  /** A norm's gain and, but for RMS norms, its offset. */
  static Layer norm(Role role, int width, boolean bias) {
    return new Layer(role, Shape.of(width), bias ? Shape.of(width) : null);
  }

  /**
   * The head, from the embedding's width to the vocabulary; if tied, its weight is the token
   * embedding's.
   */
  static Layer head(Config config, boolean bias) {
    return new Layer(
        Role.HEAD,
        config.head().tied() ? null : Shape.of(config.vocabulary(), config.embeddings().width()),
        bias ? Shape.of(config.vocabulary()) : null);
  }
}
