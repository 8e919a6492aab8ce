package io.kerf.report;

import java.util.Objects;

/**
 * One question as two models answer it.
 *
 * @param group what it is counted with, such as its relation; empty where there is one group
 * @param document its id
 * @param answer the right one; empty where the data does not say it in words
 * @param saidBefore the first model's answer; empty likewise
 */
public record QuestionRow(
    String group,
    String document,
    String answer,
    boolean rightBefore,
    boolean rightAfter,
    String saidBefore,
    String saidAfter) {
  public QuestionRow {
    Objects.requireNonNull(group, "group");
    Objects.requireNonNull(document, "document");
  }

  /** What became of it. */
  public Fate fate() {
    return Fate.of(rightBefore, rightAfter);
  }
}
