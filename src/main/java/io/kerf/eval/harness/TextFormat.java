package io.kerf.eval.harness;

import java.util.List;

/**
 * A text whose perplexity is taken.
 *
 * @param name what it is asked for by
 * @param file below a data home
 */
record TextFormat(String name, String file) {
  static final List<TextFormat> ALL =
      List.of(
          new TextFormat("wikitext2", "wikitext2/wiki.test.raw"),
          new TextFormat("held_out", "text/held-out.txt"));
}
