package io.kerf.train.corpus;

import io.kerf.engine.Example;

/** Makes examples out of windows of a corpus; its text says all that decides them. */
interface ExampleMaker {
  /** How many tokens of the corpus go into one. */
  int windowTokens();

  /** The example of a window of so many tokens, which may be changed. */
  Example make(int[] window, Draws draws);
}
