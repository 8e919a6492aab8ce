package io.kerf.eval.harness;

import io.kerf.eval.DataFile;
import io.kerf.eval.Document;
import io.kerf.eval.Documents;
import io.kerf.eval.Metric;
import io.kerf.eval.Task;
import io.kerf.model.Family;
import io.kerf.model.Model;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/**
 * A task for causal models.
 *
 * @param version of its rules, as the harness numbers them
 * @param reader the documents for a model
 */
public record HarnessTask(
    String name,
    String version,
    List<DataFile> data,
    Map<String, String> settings,
    List<Metric> metrics,
    Function<Model, List<Document>> reader)
    implements Task {
  public HarnessTask {
    data = List.copyOf(data);
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    metrics = List.copyOf(metrics);
    Objects.requireNonNull(reader, "reader");
  }

  /** Whole texts are asked of causal models alone: an encoder-decoder needs something to read. */
  @Override
  public Set<Family.Kind> kinds() {
    return metrics.stream().anyMatch(m -> m.name().equals("acc"))
        ? Set.of(Family.Kind.CAUSAL, Family.Kind.ENCODER_DECODER)
        : Set.of(Family.Kind.CAUSAL);
  }

  @Override
  public Documents documents(Model model) {
    return Documents.of(reader.apply(model));
  }
}
