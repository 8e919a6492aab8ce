package io.kerf.train.corpus;

import io.kerf.engine.Example;

/** Examples of a corpus's windows; safe for use by several threads. */
final class WindowedExamples implements Examples {
  private final TokenFile tokens;
  private final ExampleMaker maker;
  private final long seed;
  private final String label;
  private final String sha256;
  private final long windows;
  private volatile Epoch epoch; // the last that was asked for

  WindowedExamples(TokenFile tokens, ExampleMaker maker, long seed, String label, String sha256) {
    this.tokens = tokens;
    this.maker = maker;
    this.seed = seed;
    this.label = label;
    this.sha256 = sha256;
    this.windows = tokens.header().tokens() / maker.windowTokens();
    this.epoch = epoch(0);
  }

  private record Epoch(long number, Permutation order) {}

  private Epoch epoch(long number) {
    return new Epoch(number, new Permutation(windows, seed, number));
  }

  @Override
  public Example at(long n) {
    if (n < 0) {
      throw new IllegalArgumentException("examples are counted from 0, was " + n);
    }
    Epoch now = epoch;
    if (now.number() != n / windows) {
      now = epoch(n / windows);
      epoch = now;
    }
    long window = now.order().at(n % windows);
    int length = maker.windowTokens();
    return maker.make(tokens.read(window * length, length), new Draws(seed, n));
  }

  @Override
  public long distinct() {
    return windows;
  }

  @Override
  public String sha256() {
    return sha256;
  }

  @Override
  public String label() {
    return label;
  }
}
