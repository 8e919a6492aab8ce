package io.kerf.eval.rewording;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Another way to put a prompt.
 *
 * @param name short, for tables
 * @param described what it does, in a line
 * @param rule a whole prompt in these words
 */
public record Wording(String name, String described, UnaryOperator<String> rule)
    implements Rewording {
  /** "Q: ... A:" in place of "Question: ... Answer:". */
  public static final Wording SHORT =
      new Wording(
          "Q: A:",
          "\"Q: ...\" and \"A:\" in place of \"Question: ...\" and \"Answer:\"",
          prompt -> prompt.replaceAll("(?m)^Question: ", "Q: ").replaceAll("(?m)^Answer:", "A:"));

  /** The question alone. */
  public static final Wording PLAIN =
      new Wording(
          "plain",
          "the question without \"Question:\" and \"Answer:\"",
          prompt -> prompt.replaceAll("(?m)^Question: ", "").replaceAll("\\nAnswer:", ""));

  /** Those that fit prompts of the form "Question: ...", and below it "Answer:". */
  public static final List<Wording> OF_QUESTIONS = List.of(SHORT, PLAIN);

  public Wording {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(described, "described");
    Objects.requireNonNull(rule, "rule");
  }

  @Override
  public String reworded(String text, String document, Set<String> kept) {
    return rule.apply(text);
  }
}
