package io.kerf.model;

import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * A model's sizes and switches, whatever file they came from.
 *
 * @param family which architecture's page runs it
 * @param width D, the size of a hidden state
 * @param feedForward width of the feed-forward layer
 * @param vocabulary V, rows of the token embedding
 * @param maxPositions longest sequence the model was made for
 * @param normEpsilon added under the norms' root
 * @param activation the feed-forward activation by Hugging Face's name: "gelu", "silu", "gelu_new"
 * @param embeddings what a token becomes before the first block
 * @param attention heads and what they see
 * @param rotary rotary embedding, or null where positions are embedded otherwise
 * @param head how hidden states become logits
 * @param special ids of special tokens
 * @param norms how a block's norms are computed, and where they stand
 */
public record Config(
    Family family,
    int width,
    int feedForward,
    int vocabulary,
    int maxPositions,
    double normEpsilon,
    String activation,
    Embeddings embeddings,
    Attention attention,
    Rotary rotary,
    Head head,
    SpecialIds special,
    Norms norms) {
  /** With the norms that a family of this kind had first. */
  public Config(
      Family family,
      int width,
      int feedForward,
      int vocabulary,
      int maxPositions,
      double normEpsilon,
      String activation,
      Embeddings embeddings,
      Attention attention,
      Rotary rotary,
      Head head,
      SpecialIds special) {
    this(
        family,
        width,
        feedForward,
        vocabulary,
        maxPositions,
        normEpsilon,
        activation,
        embeddings,
        attention,
        rotary,
        head,
        special,
        family.kind() == Family.Kind.MASKED ? Norms.POST_LAYER_NORM : Norms.PRE_RMS_NORM);
  }

  public Config {
    Objects.requireNonNull(family, "family");
    Objects.requireNonNull(activation, "activation");
    Objects.requireNonNull(embeddings, "embeddings");
    Objects.requireNonNull(attention, "attention");
    Objects.requireNonNull(head, "head");
    Objects.requireNonNull(special, "special");
    Objects.requireNonNull(norms, "norms");
    positive("hidden_size", width);
    positive("intermediate_size", feedForward);
    positive("vocab_size", vocabulary);
    positive("max_position_embeddings", maxPositions);
    if (!(normEpsilon >= 0 && normEpsilon < 1)) {
      throw new IllegalArgumentException("norm epsilon must be in [0, 1), was " + normEpsilon);
    }
  }

  /** The same configuration with a head of its own, or with the token embedding as head. */
  public Config withTiedHead(boolean tied) {
    return with(head.withTied(tied), norms);
  }

  /** The same configuration with other norms. */
  public Config withNorms(Norms other) {
    return with(head, other);
  }

  private Config with(Head newHead, Norms newNorms) {
    return new Config(
        family,
        width,
        feedForward,
        vocabulary,
        maxPositions,
        normEpsilon,
        activation,
        embeddings,
        attention,
        rotary,
        newHead,
        special,
        newNorms);
  }

  /** Whether a table holds one row for each position, so that there are no further ones. */
  public boolean learnsPositions() {
    return rotary == null;
  }

  private static void positive(String key, int value) {
    if (value <= 0) {
      throw new IllegalArgumentException(key + " must be positive, was " + value);
    }
  }

  /**
   * What a token becomes before the first block.
   *
   * @param width columns of the token embedding; a projection leads to D where it is not D
   * @param segments rows of the segment embedding; 0 where there is none
   * @param positionOffset row of the position embedding that the first token gets
   * @param scale the token embedding is multiplied by it
   */
  public record Embeddings(int width, int segments, int positionOffset, double scale) {
    public Embeddings {
      positive("embedding width", width);
    }

    /** As wide as the model, with neither segments, offset nor scale. */
    public static Embeddings of(int width) {
      return new Embeddings(width, 0, 0, 1);
    }

    /** The same with so many segments. */
    public Embeddings withSegments(int rows) {
      return new Embeddings(width, rows, positionOffset, scale);
    }

    /** The same with positions counted from that row. */
    public Embeddings withPositionOffset(int rows) {
      return new Embeddings(width, segments, rows, scale);
    }

    /** The same with token embeddings multiplied by that. */
    public Embeddings withScale(double factor) {
      return new Embeddings(width, segments, positionOffset, factor);
    }
  }

  /**
   * Attention's heads and what they see.
   *
   * @param heads H
   * @param keyValueHeads K, of which H is a multiple
   * @param headWidth E, size of one head
   * @param scale products of queries and keys are multiplied by it
   * @param softCap c of c tanh(s / c) over scaled products s; 0 for none
   * @param window how far back blocks look
   * @param scaledByBlock whether the products of the block with origin i are divided by i + 1 too
   * @param relative what is added to products by distance, or null where nothing is
   */
  public record Attention(
      int heads,
      int keyValueHeads,
      int headWidth,
      double scale,
      double softCap,
      Window window,
      boolean scaledByBlock,
      RelativePositions relative) {
    public Attention {
      Objects.requireNonNull(window, "window");
      positive("num_attention_heads", heads);
      positive("num_key_value_heads", keyValueHeads);
      positive("head_dim", headWidth);
      if (heads % keyValueHeads != 0) {
        throw new IllegalArgumentException(
            "num_attention_heads must be a multiple of num_key_value_heads, was "
                + heads
                + " and "
                + keyValueHeads);
      }
      if (!(softCap >= 0 && Double.isFinite(softCap))) {
        throw new IllegalArgumentException(
            "attn_logit_softcapping must be positive, was " + softCap);
      }
      if (!Double.isFinite(scale)) {
        throw new IllegalArgumentException("the scale of attention must be finite, was " + scale);
      }
    }

    /** Products scaled by the root of the head width, seen whole. */
    public static Attention of(int heads, int keyValueHeads, int headWidth) {
      return new Attention(
          heads, keyValueHeads, headWidth, 1 / Math.sqrt(headWidth), 0, Window.NONE, false, null);
    }

    /** What the products of the block of that origin are multiplied by. */
    public double scale(int origin) {
      return scaledByBlock ? scale / (origin + 1) : scale;
    }

    /** The same with products scaled by that. */
    public Attention withScale(double factor) {
      return new Attention(
          heads, keyValueHeads, headWidth, factor, softCap, window, scaledByBlock, relative);
    }

    /** The same with products capped softly. */
    public Attention withSoftCap(double cap) {
      return new Attention(
          heads, keyValueHeads, headWidth, scale, cap, window, scaledByBlock, relative);
    }

    /** The same with blocks that look back no further than a window. */
    public Attention withWindow(Window seen) {
      return new Attention(
          heads, keyValueHeads, headWidth, scale, softCap, seen, scaledByBlock, relative);
    }

    /** The same with products divided by one more than their block's origin, or not. */
    public Attention withScaleByBlock(boolean divided) {
      return new Attention(
          heads, keyValueHeads, headWidth, scale, softCap, window, divided, relative);
    }

    /** The same with what is added to products by distance. */
    public Attention withRelative(RelativePositions distances) {
      return new Attention(
          heads, keyValueHeads, headWidth, scale, softCap, window, scaledByBlock, distances);
    }
  }

  /**
   * How far back blocks look.
   *
   * @param tokens the token itself and so many less one before it; 0 where nothing is limited
   * @param blocks which blocks are limited, by their index in the model as loaded
   */
  public record Window(int tokens, List<Boolean> blocks) {
    public static final Window NONE = new Window(0, List.of());

    public Window {
      blocks = List.copyOf(blocks);
      if (tokens < 0 || tokens == 0 && blocks.contains(true)) {
        throw new IllegalArgumentException("sliding_window must be positive, was " + tokens);
      }
    }

    /** The same window in every one of so many blocks; 0 tokens for none. */
    public static Window all(int tokens, int blocks) {
      return tokens == 0 ? NONE : new Window(tokens, Collections.nCopies(blocks, true));
    }

    /** Whether the block of that origin sees no further than the window. */
    public boolean limits(int origin) {
      return origin < blocks.size() && blocks.get(origin);
    }
  }

  /**
   * Rotary position embedding (arXiv 2104.09864), halves rotated against each other as Hugging Face
   * lays them out.
   *
   * @param base theta
   * @param scaling how frequencies are stretched
   * @param width how many of a head's elements are rotated, its first; even
   * @param windowBase theta of the blocks that look no further than a window
   * @param windowScaling how frequencies are stretched in those
   */
  public record Rotary(
      double base, Scaling scaling, int width, double windowBase, Scaling windowScaling) {
    /** The same theta in all blocks. */
    public Rotary(double base, Scaling scaling, int width) {
      this(base, scaling, width, base, scaling);
    }

    public Rotary {
      Objects.requireNonNull(scaling, "scaling");
      Objects.requireNonNull(windowScaling, "windowScaling");
      if (width <= 0 || width % 2 != 0) {
        throw new IllegalArgumentException(
            "the rotated part of a head must be even and positive, was " + width);
      }
    }

    /** Whether blocks that look no further than a window turn heads by other frequencies. */
    public boolean differsByWindow() {
      return windowBase != base || !windowScaling.equals(scaling);
    }
  }

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

  /**
   * How hidden states become logits.
   *
   * @param tied whether its matrix is the token embedding
   * @param softCap c of c tanh(l / c) over logits l; 0 for none
   * @param scale hidden states are multiplied by it first
   */
  public record Head(boolean tied, double softCap, double scale) {
    public Head {
      if (!(softCap >= 0 && Double.isFinite(softCap))) {
        throw new IllegalArgumentException(
            "final_logit_softcapping must be positive, was " + softCap);
      }
    }

    /** A product and nothing else. */
    public static Head of(boolean tied) {
      return new Head(tied, 0, 1);
    }

    Head withTied(boolean newTied) {
      return new Head(newTied, softCap, scale);
    }
  }

  /**
   * A block's norms.
   *
   * @param centred whether the mean is subtracted first (layer norm) or not (RMS norm)
   * @param gainOffset added to the gains as stored
   * @param order where they stand
   * @param last whether what the last block gives is normed
   */
  public record Norms(boolean centred, double gainOffset, Order order, boolean last) {
    public static final Norms PRE_RMS_NORM = new Norms(false, 0, Order.BEFORE, true);
    public static final Norms PRE_LAYER_NORM = new Norms(true, 0, Order.BEFORE, true);
    public static final Norms POST_LAYER_NORM = new Norms(true, 0, Order.AFTER, false);
    public static final Norms PARALLEL_LAYER_NORM = new Norms(true, 0, Order.PARALLEL, true);

    /** RMS norms before each half, of gains stored as their difference from 1. */
    public static final Norms PRE_RMS_NORM_FROM_ONE = new Norms(false, 1, Order.BEFORE, true);

    /** How a block's two halves, attention and feed-forward, follow each other. */
    public enum Order {
      /** x + f(norm(x)), first attention, then feed-forward. */
      BEFORE,
      /** norm(x + f(x)), first attention, then feed-forward. */
      AFTER,
      /** x + attention(norm(x)) + feed-forward(norm(x)). */
      PARALLEL
    }
  }

  /**
   * Ids of special tokens, -1 where there is none.
   *
   * @param bos beginning of sequence
   * @param eos end of sequence
   * @param pad padding
   * @param decoderStart what an encoder-decoder's decoder begins with
   */
  public record SpecialIds(int bos, int eos, int pad, int decoderStart) {
    public static final SpecialIds NONE = new SpecialIds(-1, -1, -1);

    /** Those of a model without a decoder of its own. */
    public SpecialIds(int bos, int eos, int pad) {
      this(bos, eos, pad, -1);
    }
  }
}
