package io.kerf.model;

import java.util.Objects;

/**
 * A model's sizes and switches, whatever file they came from.
 *
 * @param family which architecture's page runs it
 * @param width D, the size of a hidden state
 * @param heads H, attention heads
 * @param keyValueHeads K, of which H is a multiple
 * @param headWidth size of one head
 * @param feedForward width of the feed-forward layer
 * @param vocabulary V, rows of the token embedding
 * @param maxPositions longest sequence the model was made for
 * @param segments rows of the segment embedding; 0 where there is none
 * @param normEpsilon added under the norms' root
 * @param activation the feed-forward activation by Hugging Face's name: "gelu", "silu", "gelu_new"
 * @param rotary rotary embedding, or null where positions are embedded otherwise
 * @param tiedHead whether the head is the token embedding
 * @param bosId beginning-of-sequence id, or -1
 * @param eosId end-of-sequence id, or -1
 * @param padId padding id, or -1
 */
public record Config(
    Family family,
    int width,
    int heads,
    int keyValueHeads,
    int headWidth,
    int feedForward,
    int vocabulary,
    int maxPositions,
    int segments,
    double normEpsilon,
    String activation,
    Rotary rotary,
    boolean tiedHead,
    int bosId,
    int eosId,
    int padId) {
  public Config {
    Objects.requireNonNull(family, "family");
    Objects.requireNonNull(activation, "activation");
    positive("hidden_size", width);
    positive("num_attention_heads", heads);
    positive("num_key_value_heads", keyValueHeads);
    positive("head_dim", headWidth);
    positive("intermediate_size", feedForward);
    positive("vocab_size", vocabulary);
    positive("max_position_embeddings", maxPositions);
    if (heads % keyValueHeads != 0) {
      throw new IllegalArgumentException(
          "num_attention_heads must be a multiple of num_key_value_heads, was "
              + heads
              + " and "
              + keyValueHeads);
    }
    if (!(normEpsilon >= 0 && normEpsilon < 1)) {
      throw new IllegalArgumentException("norm epsilon must be in [0, 1), was " + normEpsilon);
    }
  }

  /** The same configuration with a head of its own, or with the token embedding as head. */
  public Config withTiedHead(boolean tied) {
    return new Config(
        family,
        width,
        heads,
        keyValueHeads,
        headWidth,
        feedForward,
        vocabulary,
        maxPositions,
        segments,
        normEpsilon,
        activation,
        rotary,
        tied,
        bosId,
        eosId,
        padId);
  }

  private static void positive(String key, int value) {
    if (value <= 0) {
      throw new IllegalArgumentException(key + " must be positive, was " + value);
    }
  }

  /**
   * Rotary position embedding (arXiv 2104.09864), halves rotated against each other as Hugging Face
   * lays them out.
   *
   * @param base theta
   * @param scaling how frequencies are stretched
   */
  public record Rotary(double base, Scaling scaling) {}

  /**
   * Rotary scaling by Hugging Face's {@code rope_type}.
   *
   * @param type "default", "linear" or "llama3"
   * @param factor for linear and llama3
   * @param lowFrequencyFactor llama3 alone
   * @param highFrequencyFactor llama3 alone
   * @param originalMaxPositions llama3 alone
   */
  public record Scaling(
      String type,
      double factor,
      double lowFrequencyFactor,
      double highFrequencyFactor,
      int originalMaxPositions) {
    public static final Scaling NONE = new Scaling("default", 1, 1, 1, 1);
  }
}
