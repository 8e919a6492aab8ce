package io.kerf.eval;

import io.kerf.model.Family;
import io.kerf.model.Model;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Something to measure a model by. Implement it to add a task; {@link Evaluator} runs it.
 *
 * <p>A task holds its data, so that running it twice on one model gives the same numbers.
 */
public interface Task {
  /** The name it is looked up and shown by. */
  String name();

  /** Which version of its rules: goes up when a score would change. */
  String version();

  /** The kinds of model it can ask. */
  Set<Family.Kind> kinds();

  /** The files it stands on. */
  List<DataFile> data();

  /** What else its scores depend on: few-shot examples, vocabulary, seed. */
  Map<String, String> settings();

  /** What is measured, the headline first. */
  List<Metric> metrics();

  /** The names of the outcomes' groups that scores are also given by. */
  default List<String> groupings() {
    return List.of();
  }

  /**
   * The documents as this model gets them, and those left out. The variants of a model get the
   * same: they depend on its tokenizer, kind and special tokens alone.
   */
  Documents documents(Model model);
}
