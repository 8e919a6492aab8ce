package io.kerf;

import io.kerf.eval.DataFile;
import io.kerf.eval.Documents;
import io.kerf.eval.Metric;
import io.kerf.eval.Task;
import io.kerf.model.Family;
import io.kerf.model.Model;
import io.kerf.text.Tokenizer;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A task that reads its documents once for each tokenizer: the variants of a model share theirs.
 */
final class AskedOnce implements Task {
  private final Task task;
  private final Map<Tokenizer, Documents> documents = new IdentityHashMap<>();

  AskedOnce(Task task) {
    this.task = task;
  }

  @Override
  public Documents documents(Model model) {
    return documents.computeIfAbsent(model.tokenizer(), tokenizer -> task.documents(model));
  }

  @Override
  public String name() {
    return task.name();
  }

  @Override
  public String version() {
    return task.version();
  }

  @Override
  public Set<Family.Kind> kinds() {
    return task.kinds();
  }

  @Override
  public List<DataFile> data() {
    return task.data();
  }

  @Override
  public Map<String, String> settings() {
    return task.settings();
  }

  @Override
  public List<Metric> metrics() {
    return task.metrics();
  }

  @Override
  public List<String> groupings() {
    return task.groupings();
  }
}
