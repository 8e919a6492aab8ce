package io.kerf.eval.harness;

import io.kerf.eval.Document;
import io.kerf.eval.Documents;
import io.kerf.eval.Metric;
import io.kerf.eval.Task;
import io.kerf.model.Family;
import io.kerf.rows.DataFile;
import io.kerf.text.Tokenizer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * A task for causal models.
 *
 * @param version of its rules, as the harness numbers them
 * @param reader the documents for a model with that tokenizer
 */
public record HarnessTask(
    String name,
    String version,
    List<DataFile> data,
    Map<String, String> settings,
    List<Metric> metrics,
    Function<Tokenizer, List<Document>> reader)
    implements Task {
  public HarnessTask {
    data = List.copyOf(data);
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    metrics = List.copyOf(metrics);
    Objects.requireNonNull(reader, "reader");
  }

  @Override
  public Family.Kind kind() {
    return Family.Kind.CAUSAL;
  }

  @Override
  public Documents documents(Tokenizer tokenizer) {
    return Documents.of(reader.apply(tokenizer));
  }
}
