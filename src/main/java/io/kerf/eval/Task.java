package io.kerf.eval;

import io.kerf.model.Family;
import io.kerf.rows.DataFile;
import io.kerf.text.Tokenizer;
import java.util.List;
import java.util.Map;

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

  /** The kind of model it asks. */
  Family.Kind kind();

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

  /** The documents as a model with this tokenizer gets them, and those left out. */
  Documents documents(Tokenizer tokenizer);
}
