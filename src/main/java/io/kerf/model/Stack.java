package io.kerf.model;

import java.util.Locale;

/**
 * Which of a transformer's two stacks a block is in. A masked model has an encoder alone, a causal
 * one a decoder alone.
 */
public enum Stack {
  /** Its tokens see each other, before and behind. */
  ENCODER,
  /** Its tokens see those before them, and the encoder's output where there is an encoder. */
  DECODER;

  /** "encoder": for labels and sentences. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
