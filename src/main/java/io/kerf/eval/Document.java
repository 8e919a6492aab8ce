package io.kerf.eval;

import java.util.List;

/** One item of a task: what it asks, and what the answers are worth. */
public interface Document {
  /** The name it has in its data, or its row. */
  String id();

  /** What it asks, in a fixed order. */
  List<Request> requests();

  /**
   * What the answers are worth.
   *
   * @param answers one for each request, in their order
   */
  Outcome outcome(List<Answer> answers);
}
