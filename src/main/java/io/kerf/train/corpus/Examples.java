package io.kerf.train.corpus;

import io.kerf.engine.Example;

/**
 * An endless row of examples, each by its number: the same number is the same example, so that a
 * run that goes on where it was needs to keep nothing but a number.
 */
public interface Examples {
  /**
   * The n-th example.
   *
   * @param n from 0; after the last of the corpus it begins again in another order
   */
  Example at(long n);

  /** How many there are before they begin again. */
  long distinct();

  /** What decides all of them: contents, tokenizer, seeds and sizes, in a hash. */
  String sha256();

  /** What they are, for lineage and tables: "wiki.valid.tokens, 256 tokens each, seed 0". */
  String label();
}
