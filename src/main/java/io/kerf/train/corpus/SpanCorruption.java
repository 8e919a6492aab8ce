package io.kerf.train.corpus;

import io.kerf.model.Family;

/**
 * Spans of tokens are replaced by sentinels, and predicted (T5, arXiv 1910.10683): the encoder
 * reads the text with the first span replaced by {@code <extra_id_0>}, the second by {@code
 * <extra_id_1>} and so on, then the end; the decoder writes each sentinel with its span behind it,
 * then one more sentinel, then the end.
 *
 * <p>Of L tokens round(L density) are noise, at least 1 and at most L - 1, in round(noise /
 * meanSpan) spans, at least 1, none of which touch; text stands first, noise last, and every
 * division into spans is as likely: T5's {@code random_spans_noise_mask}. The paper ends what is
 * written with a further sentinel; T5's own program leaves that one out.
 *
 * @param density the share of tokens that are noise, in (0, 1)
 * @param meanSpan tokens of a span on average, at least 1
 */
public record SpanCorruption(double density, double meanSpan) implements Objective {
  public SpanCorruption {
    if (!(density > 0 && density < 1)) {
      throw new IllegalArgumentException(
          "the share of noise must be in (0, 1), was " + density + "; for 15 % write 0.15");
    }
    if (!(meanSpan >= 1 && Double.isFinite(meanSpan))) {
      throw new IllegalArgumentException(
          "spans must have at least 1 token on average, was " + meanSpan);
    }
  }

  /** How many of so many tokens are noise. */
  int noise(int tokens) {
    return Math.min(Math.max((int) Math.rint(tokens * density), 1), tokens - 1);
  }

  /** In how many spans. */
  int spans(int tokens) {
    int noise = noise(tokens);
    int spans = Math.max((int) Math.rint(noise / meanSpan), 1);
    return Math.min(spans, tokens - noise); // text stands before each
  }

  @Override
  public Family.Kind kind() {
    return Family.Kind.ENCODER_DECODER;
  }

  @Override
  public String label() {
    return "span corruption " + density + " in spans of " + meanSpan;
  }
}
