package io.kerf.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.kerf.Fixtures;
import io.kerf.compress.Magnitude;
import io.kerf.engine.Example;
import io.kerf.engine.Optimizer;
import io.kerf.engine.Teaching;
import io.kerf.engine.TrainingOptions;
import io.kerf.engine.TrainingSession;
import io.kerf.engine.WeightChange;
import io.kerf.format.SafetensorsFile;
import io.kerf.json.Json;
import io.kerf.model.Block;
import io.kerf.model.Family;
import io.kerf.model.Lineage;
import io.kerf.model.Model;
import io.kerf.model.ModelReader;
import io.kerf.model.ModelWriter;
import io.kerf.model.Role;
import io.kerf.model.Saving;
import io.kerf.model.Stack;
import io.kerf.progress.ProgressListener;
import io.kerf.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every training run of the fixtures against torch's autograd. */
class TrainingGoldenTest {
  private static final Lineage.Step STEP = new Lineage.Step("trained", Map.of());

  @TempDir Path temporary;

  @TestFactory
  Stream<DynamicContainer> runs() {
    return Fixtures.cases("training", "*.json").stream().map(this::tests);
  }

  private DynamicContainer tests(Path file) {
    Case golden = new Case(file);
    return dynamicContainer(
        golden.name,
        golden.json.at("runs").fields().entrySet().stream()
            .map(
                run ->
                    dynamicTest(run.getKey(), () -> check(golden, run.getKey(), run.getValue()))));
  }

  private void check(Case golden, String name, Json run) {
    Model dense = golden.model();
    String method = name.split("\\.")[0];
    Model student =
        switch (method) {
          case "chop", "distill" -> cut(dense, run.at("kept_layers"));
          case "sparse" -> Magnitude.of(0.5).perRow().apply(dense);
          default -> dense;
        };
    Optimizer optimizer =
        method.equals("lion")
            ? Optimizer.Lion.usual().withWeightDecay(run.at("weight_decay").number())
            : Optimizer.AdamW.usual().withWeightDecay(run.at("weight_decay").number());
    TrainingOptions options =
        TrainingOptions.usual()
            .withOptimizer(optimizer)
            .withClipNorm(golden.json.at("clip_norm").number())
            .withPassTokens(name.endsWith("accumulate") ? 1 : 100_000);
    if (method.equals("distill")) {
      boolean hidden = name.endsWith("hidden");
      List<Integer> layers = hidden ? layers(run.at("kept_layers").at(0)) : List.of();
      double temperature = run.at("temperature").number();
      options =
          options.withTeaching(new Teaching(dense, 0.5, 0.5, temperature, hidden ? 1 : 0, layers));
    }
    if (method.equals("sparse")) {
      options = options.withChanges(keepingZeros());
    }
    if (method.equals("lora")) {
      options = options.withChanges(golden.lora(dense, run));
    }
    if (method.equals("warm")) {
      warm(golden, dense, run, options);
      return;
    }
    try (TrainingSession session = TrainingSession.open(student, options)) {
      run.at("eval_loss_after_cut")
          .optional()
          .ifPresent(
              loss ->
                  assertEquals(
                      loss.number(), session.loss(golden.held), golden.tolerance("eval_loss_abs")));
      steps(golden, run, session, 0, golden.steps());
      double allowed =
          golden.tolerance(method.equals("lion") ? "lion_eval_loss_abs" : "eval_loss_abs");
      assertEquals(run.at("eval_loss").number(), session.loss(golden.held), allowed, "loss after");
      if (method.equals("lora")) {
        adapters(golden, dense, run.at("weights"), session);
      } else if (run.at("weights").isObject()) {
        weights(golden, run.at("weights"), session.trained(STEP));
      }
      if (run.at("zeros").present()) {
        assertEquals(run.at("zeros").longInteger(), zeros(session.trained(STEP)));
      }
    }
  }

  private void steps(Case golden, Json run, TrainingSession session, int from, int to) {
    Schedule schedule =
        new Schedule(
            run.at("peak_lr").number(),
            golden.json.at("warmup_steps").integer(),
            golden.steps(),
            0.1);
    for (int s = from; s < to; s++) {
      double rate = schedule.at(s);
      String where = "step " + s;
      assertEquals(run.at("lr").at(s).number(), rate, 1e-8 * rate + 1e-12, where);
      TrainingSession.Outcome outcome = session.step(golden.batches.get(s), rate);
      double loss = run.at("loss").at(s).number();
      double norm = run.at("grad_norm").at(s).number();
      assertEquals(loss, outcome.loss(), golden.tolerance("loss_abs"), where);
      assertEquals(norm, outcome.gradientNorm(), golden.tolerance("grad_norm_rel") * norm, where);
    }
  }

  /** Some steps of the whole model, then the cut; what stays keeps the optimizer's state. */
  private void warm(Case golden, Model dense, Json run, TrainingOptions options) {
    int at = run.at("cut_before_step").integer();
    try (TrainingSession whole = TrainingSession.open(dense, options)) {
      steps(golden, run, whole, 0, at);
      Model chopped = cut(whole.trained(STEP), run.at("kept_layers"));
      try (TrainingSession session = TrainingSession.open(chopped, options)) {
        session.restore(whole.state());
        steps(golden, run, session, at, golden.steps());
        assertEquals(
            run.at("eval_loss").number(),
            session.loss(golden.held),
            golden.tolerance("eval_loss_abs"),
            "loss after");
      }
    }
  }

  private void adapters(Case golden, Model dense, Json weights, TrainingSession session) {
    Map<String, String> names = golden.placeNames(dense);
    weights
        .fields()
        .forEach(
            (name, expected) -> {
              boolean a = name.endsWith(".A");
              String place = names.get(name.substring(0, name.length() - 2));
              Tensor own = session.state().array("value." + place + (a ? ".lora_a" : ".lora_b"));
              close(golden, name, expected, own);
            });
  }

  private void weights(Case golden, Json weights, Model trained) {
    Path folder = temporary.resolve(golden.name + weights.where().hashCode());
    ModelWriter.write(trained, folder, Saving.asStored(), "test", ProgressListener.NONE);
    SafetensorsFile file = SafetensorsFile.open(folder.resolve("model.safetensors"));
    weights.fields().forEach((name, expected) -> close(golden, name, expected, file.tensor(name)));
  }

  private static void close(Case golden, String name, Json expected, Tensor own) {
    float[] values = own.toFloats();
    double[] first = expected.at("first8").numbers();
    double[] got = IntStream.range(0, first.length).mapToDouble(i -> values[i]).toArray();
    assertArrayEquals(first, got, golden.tolerance("weight_first8_abs"), name);
    double sum = 0;
    for (float value : values) {
      sum += (double) value * value;
    }
    double norm = expected.at("norm").number();
    assertEquals(norm, Math.sqrt(sum), 1e-5 * norm, name);
  }

  private static WeightChange keepingZeros() {
    return new WeightChange() {
      @Override
      public boolean keepsZeros(int block, Role role) {
        return block != OUTSIDE && role.isBlockLinear();
      }
    };
  }

  private static long zeros(Model model) {
    return model.blocks().stream()
        .flatMap(block -> block.parameters().entrySet().stream())
        .filter(entry -> entry.getKey().isBlockLinear())
        .mapToLong(entry -> entry.getValue().weight().zeros())
        .sum();
  }

  private static Model cut(Model model, Json kept) {
    List<Block> blocks = new ArrayList<>();
    int stack = 0;
    for (Stack each : model.stacks()) {
      List<Block> all = model.blocks(each);
      layers(kept.at(stack++)).forEach(l -> blocks.add(all.get(l)));
    }
    return model.withBlocks(blocks, new Lineage.Step("cut", Map.of()));
  }

  private static List<Integer> layers(Json kept) {
    return Arrays.stream(kept.integers()).boxed().toList();
  }

  /** One model of the fixtures with its batches. */
  private static final class Case {
    final String name;
    final Json json;
    final Path tensors;
    final List<List<Example>> batches;
    final List<Example> held;

    Case(Path file) {
      name = file.getFileName().toString().replace(".json", "");
      json = Json.read(file);
      tensors = file.resolveSibling(name + ".safetensors");
      batches = json.at("batches").items().stream().map(Case::examples).toList();
      held = json.at("eval_batches").items().stream().flatMap(b -> examples(b).stream()).toList();
    }

    private static List<Example> examples(Json batch) {
      List<Json> ids = batch.at("input_ids").items();
      return IntStream.range(0, ids.size())
          .mapToObj(i -> new Example(ids.get(i).integers(), batch.at("labels").at(i).integers()))
          .toList();
    }

    Model model() {
      return ModelReader.read(
          Fixtures.root().resolve("models").resolve(json.at("model").text()),
          ProgressListener.NONE);
    }

    int steps() {
      return json.at("steps").integer();
    }

    double tolerance(String of) {
      return json.at("tolerance").at(of).number();
    }

    /** Kerf's name of a layer's place by Hugging Face's. */
    Map<String, String> placeNames(Model model) {
      Map<String, String> names = new HashMap<>();
      for (int b = 0; b < model.blocks().size(); b++) {
        Block block = model.blocks().get(b);
        for (Role role : block.parameters().keySet()) {
          String place =
              block.stack().name().toLowerCase()
                  + "."
                  + block.origin()
                  + "."
                  + role.name().toLowerCase();
          names.put(model.layerName(role, b), place);
        }
      }
      return names;
    }

    WeightChange lora(Model model, Json run) {
      SafetensorsFile file = SafetensorsFile.open(tensors);
      List<String> targets = run.at("targets").texts();
      int rank = run.at("rank").integer();
      double scale = run.at("alpha").number() / rank;
      return new WeightChange() {
        @Override
        public boolean learns(int block, Role role) {
          return false;
        }

        @Override
        public Optional<LowRank> adapter(int block, Role role) {
          if (block == OUTSIDE || !role.isBlockLinear()) {
            return Optional.empty();
          }
          String layer = model.layerName(role, block);
          return targets.contains(layer)
              ? Optional.of(
                  new LowRank(rank, scale, file.tensor("lora." + layer + ".A").toFloats(), null))
              : Optional.empty();
        }
      };
    }
  }

  /** A check that the families' kinds are all there. */
  @org.junit.jupiter.api.Test
  void everyKindOfModelIsTrained() {
    List<Family.Kind> kinds =
        Fixtures.cases("training", "*.json").stream()
            .map(file -> new Case(file).model().config().family().kind())
            .distinct()
            .toList();
    assertEquals(Family.Kind.values().length, kinds.size());
  }
}
