package io.kerf;

import io.kerf.eval.Sampling;
import io.kerf.eval.Task;
import io.kerf.eval.harness.Perplexity;
import io.kerf.eval.lama.Lama;
import io.kerf.json.Json;
import io.kerf.model.Family;
import io.kerf.model.Model;
import io.kerf.model.ModelReader;
import io.kerf.model.Role;
import java.nio.file.Path;

/** The fixtures' models at the door, and something to ask them. */
final class TinyVariants {
  static final Variant MASKED = first(Family.Kind.MASKED);
  static final Variant CAUSAL = first(Family.Kind.CAUSAL);

  private TinyVariants() {}

  private static Variant first(Family.Kind kind) {
    return Kerf.load(folder(kind));
  }

  /** A model of that kind whose blocks have weights of their own. */
  static Path folder(Family.Kind kind) {
    return Fixtures.cases("models", "*").stream()
        .filter(folder -> kind == kind(folder) && !sharesWeights(ModelReader.read(folder)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + kind + " model among the fixtures"));
  }

  private static boolean sharesWeights(Model model) {
    int last = model.blocks().size() - 1;
    return last > 0
        && model.blocks().get(0).parameter(Role.QUERY).weight()
            == model.blocks().get(last).parameter(Role.QUERY).weight();
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
