package io.kerf.eval.lama;

import java.nio.charset.StandardCharsets;

/** What the log-likelihood of an object of several tokens is divided by before objects compare. */
public enum Normalisation {
  /** Nothing: the log-likelihood as it is, which long objects lose by. */
  SUM("sum of log-likelihoods"),
  /** The number of tokens that were scored. */
  PER_TOKEN("log-likelihood per token"),
  /** The number of UTF-8 bytes of the text that was scored, which no tokenizer changes. */
  PER_BYTE("log-likelihood per byte");

  private final String words;

  Normalisation(String words) {
    this.words = words;
  }

  String words() {
    return words;
  }

  double of(double logLikelihood, int tokens, int bytes) {
    return switch (this) {
      case SUM -> logLikelihood;
      case PER_TOKEN -> logLikelihood / tokens;
      case PER_BYTE -> logLikelihood / bytes;
    };
  }

  static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
