package io.kerf.train.corpus;

import io.kerf.engine.Example;

/** Windows as they are. */
record CausalMaker(int windowTokens) implements ExampleMaker {
  CausalMaker {
    Packing.requireContext(2, windowTokens);
  }

  @Override
  public Example make(int[] window, Draws draws) {
    return Example.causal(window);
  }
}
