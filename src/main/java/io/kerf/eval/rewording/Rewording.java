package io.kerf.eval.rewording;

import java.util.Set;

/** A change of prompts that a right answer survives. */
public interface Rewording {
  /** Short, for tables: "typos 10%". */
  String name();

  /** What it does, in a line; with it a result says what its prompts went through. */
  String described();

  /** Whether it makes mistakes, in place of choosing other words. */
  default boolean garbles() {
    return false;
  }

  /**
   * The text said otherwise, or as it is.
   *
   * @param text a prompt, or its beginning that all of a document's prompts share
   * @param document its id: the same document is changed the same way
   * @param kept words, in lower case, that are to stay because the rest of the prompts has them
   */
  String reworded(String text, String document, Set<String> kept);
}
