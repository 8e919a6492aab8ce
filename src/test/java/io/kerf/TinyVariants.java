package io.kerf;

import io.kerf.eval.Sampling;
import io.kerf.eval.Task;
import io.kerf.eval.harness.Perplexity;
import io.kerf.eval.lama.Lama;
import io.kerf.json.Json;
import io.kerf.model.Family;
import java.nio.file.Path;

/** The fixtures' models at the door, and something to ask them. */
final class TinyVariants {
  static final Variant MASKED = first(Family.Kind.MASKED);
  static final Variant CAUSAL = first(Family.Kind.CAUSAL);

  private TinyVariants() {}

  private static Variant first(Family.Kind kind) {
    return Kerf.load(folder(kind));
  }

  static Path folder(Family.Kind kind) {
    return Fixtures.cases("models", "*").stream()
        .filter(folder -> kind == kind(folder))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + kind + " model among the fixtures"));
  }

  private static Family.Kind kind(Path folder) {
    String type = Json.read(folder.resolve("config.json")).at("model_type").text();
    for (Family family : Family.values()) {
      if (family.modelType().equals(type)) {
        return family.kind();
      }
    }
    return null;
  }

  /** Facts for the masked model. */
  static Task facts() {
    return Lama.file("facts", Fixtures.root().resolve("lama/lama_facts.jsonl"));
  }

  /** A text, cut into windows, for the causal model. */
  static Task text() {
    Path text = Path.of("datasets/text/held-out.txt");
    return Perplexity.windows("text", text, 12, Sampling.first(5));
  }
}
