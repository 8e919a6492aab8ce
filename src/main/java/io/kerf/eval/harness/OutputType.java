package io.kerf.eval.harness;

import java.util.List;

/** What a task asks of a row. */
enum OutputType {
  MULTIPLE_CHOICE(List.of("acc", "acc_norm")),
  LOGLIKELIHOOD(List.of("perplexity", "acc")),
  LOGLIKELIHOOD_ROLLING(List.of("word_perplexity", "byte_perplexity", "bits_per_byte"));

  /** What is measured where a file does not say. */
  final List<String> metrics;

  OutputType(List<String> metrics) {
    this.metrics = metrics;
  }
}
