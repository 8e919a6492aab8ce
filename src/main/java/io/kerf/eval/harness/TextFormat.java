package io.kerf.eval.harness;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A text whose perplexity is taken.
 *
 * @param name what it is asked for by
 * @param file below a data home
 * @param reading from the file's content to the text
 */
record TextFormat(String name, String file, UnaryOperator<String> reading) {
  static final List<TextFormat> ALL =
      List.of(
          new TextFormat("wikitext2", "wikitext2/wiki.test.raw", text -> text),
          new TextFormat(
              "wikitext2_joined", "wikitext2/wiki.test.raw", TextFormat::rowsJoinedByBlankLines),
          new TextFormat("wikitext2_valid", "wikitext2/wiki.valid.tokens", text -> text),
          new TextFormat("held_out", "text/held-out.txt", text -> text));

  /**
   * The text that compression papers score: the Hugging Face data set has a row for each line, with
   * its line break, an empty one for a blank line, and they join the rows by blank lines. That adds
   * breaks between all lines: 304,978 tokens of SmolLM2's in place of the file's 303,415.
   */
  private static String rowsJoinedByBlankLines(String text) {
    return text.lines()
        .map(line -> line.isBlank() ? "" : line + "\n")
        .collect(Collectors.joining("\n\n"));
  }
}
