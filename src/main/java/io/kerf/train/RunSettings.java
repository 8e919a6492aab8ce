package io.kerf.train;

import io.kerf.compress.Scope;
import io.kerf.engine.Libtorch;
import io.kerf.model.AdapterTarget;
import io.kerf.model.Lineage;
import io.kerf.model.Model;
import io.kerf.model.ModelFingerprint;
import io.kerf.train.corpus.Examples;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What decides a run: two with the same settings take the same steps.
 *
 * @param label short, for tables and legends: "trained 40,960 tokens"
 * @param all by name
 */
record RunSettings(String label, Map<String, String> all) {
  static RunSettings of(Model model, Pretraining recipe, Examples examples) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("model sha256", ModelFingerprint.of(model));
    all.put("data", examples.label());
    all.put("data sha256", examples.sha256());
    all.put("examples of a step", Integer.toString(recipe.rows()));
    all.put("tokens of an example", Integer.toString(recipe.context()));
    all.put("run of steps", Integer.toString(recipe.steps()));
    all.put("learning rate", Double.toString(recipe.schedule().peak()));
    all.put("warm-up steps", Integer.toString(recipe.schedule().warmUpSteps()));
    all.put("learning rate at the end", Double.toString(recipe.schedule().floor()));
    all.put("optimizer", recipe.optimizer().label());
    all.put("clipped to norm", Double.toString(recipe.clipNorm()));
    all.put("precision", recipe.half() ? "bfloat16, float32 masters" : "float32");
    all.put("dropout", Double.toString(recipe.dropout()));
    all.put("seed", Long.toString(recipe.seed()));
    all.put("tokens of a pass", Integer.toString(recipe.passTokens()));
    recipe.lora().ifPresent(lora -> all.put("adapters", adapters(lora, model)));
    recipe
        .distillation()
        .ifPresent(
            d ->
                all.put(
                    "teacher",
                    d.teacher().lineage().name()
                        + " "
                        + d.teacher().label()
                        + ", temperature "
                        + d.temperature()
                        + ", share "
                        + d.soft()
                        + ", hidden "
                        + d.hidden()
                        + " "
                        + d.layers()
                        + ", contrast "
                        + d.contrast()
                        + " at "
                        + d.contrastTemperature()));
    recipe
        .distillation()
        .ifPresent(d -> all.put("teacher sha256", ModelFingerprint.of(d.teacher())));
    recipe.sparse().ifPresent(sparse -> all.put("sparse", sparse.settings()));
    recipe
        .rounding()
        .ifPresent(
            r -> all.put("rounded to", r.format().label() + ", in " + Scope.label(r.scopes())));
    recipe.chop().ifPresent(c -> all.put("layers go", c.settings()));
    all.put("zeros", recipe.zeros().name().toLowerCase(Locale.ROOT));
    return new RunSettings(label(recipe), all);
  }

  private static String adapters(Lora lora, Model model) {
    List<AdapterTarget> targets = lora.targets().in(model);
    String roles =
        targets.stream()
            .map(target -> target.role().name().toLowerCase(Locale.ROOT))
            .distinct()
            .sorted()
            .collect(Collectors.joining(", "));
    return "rank "
        + lora.rank()
        + ", alpha "
        + lora.alpha()
        + ", on "
        + roles
        + " of "
        + targets.size()
        + " layers";
  }

  private static String label(Pretraining recipe) {
    long tokens = (long) recipe.steps() * recipe.rows() * recipe.context();
    String how =
        recipe
            .lora()
            .map(Lora::label)
            .or(() -> recipe.distillation().map(Distillation::label))
            .or(() -> recipe.rounding().map(r -> "trained as " + r.format().label()))
            .orElse(recipe.sparse().map(Sparse::label).orElse("trained"));
    return how + String.format(Locale.ROOT, " %,d tokens", tokens);
  }

  /** The lineage step of a run that took these steps. */
  Lineage.Step step(List<TrainingStep> done) {
    Map<String, String> said = new LinkedHashMap<>(all);
    said.remove("run of steps");
    said.put(Trained.STEPS, Integer.toString(done.size()));
    said.put(
        Trained.TOKENS, Long.toString(done.isEmpty() ? 0 : done.get(done.size() - 1).tokens()));
    double seconds = done.stream().mapToDouble(TrainingStep::seconds).sum();
    said.put(Trained.SECONDS, String.format(Locale.ROOT, "%.1f", seconds));
    said.put("engine", Libtorch.VERSION + ", " + Libtorch.threads() + " threads");
    return new Lineage.Step(label, said);
  }
}
