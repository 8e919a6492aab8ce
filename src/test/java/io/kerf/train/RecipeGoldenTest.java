package io.kerf.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.kerf.Fixtures;
import io.kerf.compress.RoundToNearest;
import io.kerf.compress.Scope;
import io.kerf.compress.SemiStructuredMagnitude;
import io.kerf.engine.Example;
import io.kerf.engine.Optimizer;
import io.kerf.engine.Teaching;
import io.kerf.engine.TrainingOptions;
import io.kerf.engine.TrainingSession;
import io.kerf.engine.WeightChange;
import io.kerf.format.SafetensorsFile;
import io.kerf.json.Json;
import io.kerf.model.Lineage;
import io.kerf.model.Model;
import io.kerf.model.ModelReader;
import io.kerf.model.Role;
import io.kerf.progress.ProgressListener;
import io.kerf.tensor.IntegerFormat;
import io.kerf.tensor.IntegerFormat.Granularity;
import io.kerf.tensor.IntegerFormat.Scheme;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.TestFactory;

/** Every sparse, quantized and contrastive run of the fixtures against torch's autograd. */
class RecipeGoldenTest {
  private static final Lineage.Step STEP = new Lineage.Step("trained", Map.of());

  @TestFactory
  Stream<DynamicContainer> runs() {
    assumeTrue(
        Files.isDirectory(Fixtures.root().resolve("recipes")), "this set has no recipes: skipped");
    return Fixtures.cases("recipes", "*.json").stream()
        .map(
            file -> {
              Json golden = Json.read(file);
              return dynamicContainer(
                  file.getFileName().toString(),
                  golden.at("runs").fields().entrySet().stream()
                      .map(
                          run ->
                              dynamicTest(
                                  run.getKey(),
                                  () -> check(file, golden, run.getKey(), run.getValue()))));
            });
  }

  private static void check(Path file, Json golden, String name, Json run) {
    Model dense =
        ModelReader.read(
            Fixtures.root().resolve("models").resolve(golden.at("model").text()),
            ProgressListener.NONE);
    boolean factored = name.equals("spp");
    Model model = factored ? SemiStructuredMagnitude.of(2, 4).apply(dense) : dense;
    WeightChange changes =
        run.at("format").present()
            ? rounding(format(run.at("format")))
            : factored
                ? factors(
                    model,
                    run,
                    SafetensorsFile.open(
                        file.resolveSibling(golden.at("model").text() + ".safetensors")))
                : masks(model, run.at("mask"));
    TrainingOptions options =
        TrainingOptions.usual()
            .withOptimizer(
                new Optimizer.AdamW(
                    0.9, 0.95, golden.at("epsilon").number(), run.at("weight_decay").number()))
            .withClipNorm(golden.at("clip_norm").number())
            .withChanges(changes);
    if (run.at("contrast").present()) {
      options = options.withTeaching(teaching(dense, run)).withPassTokens(30);
    }
    List<Example> held =
        golden.at("eval_batches").items().stream().flatMap(b -> examples(b).stream()).toList();
    Json tolerance = golden.at("tolerance");
    double flipped = run.at("format").present() ? tolerance.at("flipped_factor").number() : 1;
    try (TrainingSession session = TrainingSession.open(model, options)) {
      List<Json> batches = golden.at("batches").items();
      for (int s = 0; s < batches.size(); s++) {
        TrainingSession.Outcome outcome =
            session.step(examples(batches.get(s)), run.at("lr").number());
        double wider = s < 2 ? 1 : flipped;
        double norm = run.at("grad_norm").at(s).number();
        assertEquals(
            run.at("loss").at(s).number(),
            outcome.loss(),
            tolerance.at("loss_abs").number() * wider,
            "loss of step " + s);
        assertEquals(
            norm,
            outcome.gradientNorm(),
            tolerance.at("grad_norm_rel").number() * norm * wider,
            "norm of step " + s);
      }
      double after = session.loss(held);
      assertEquals(
          run.at("eval_loss").number(), after, tolerance.at("eval_loss_abs").number() * flipped);
      Model trained = session.trained(STEP);
      if (run.at("zeros").present()) {
        assertEquals(run.at("zeros").longInteger(), zeros(trained));
      }
      Model kept =
          run.at("format").present()
              ? RoundToNearest.of(format(run.at("format"))).in(Scope.ALL).apply(trained)
              : trained;
      try (TrainingSession again = TrainingSession.open(kept, TrainingOptions.usual())) {
        assertEquals(after, again.loss(held), 1e-5, "what was trained is what it was trained as");
      }
    }
  }

  private static Teaching teaching(Model dense, Json run) {
    return new Teaching(
            dense,
            run.at("hard").number(),
            run.at("soft").number(),
            run.at("temperature").number(),
            0,
            List.of())
        .withContrast(run.at("contrast").number(), run.at("contrast_temperature").number());
  }

  private static IntegerFormat format(Json json) {
    return new IntegerFormat(
        json.at("bits").integer(),
        json.at("scheme").text().equals("sym") ? Scheme.SYMMETRIC : Scheme.ASYMMETRIC,
        Granularity.valueOf(json.at("granularity").text().toUpperCase(Locale.ROOT)),
        json.at("group").integer());
  }

  private static boolean inside(int block, Role role) {
    return block != WeightChange.OUTSIDE && role.isBlockLinear();
  }

  private static WeightChange rounding(IntegerFormat format) {
    return new WeightChange() {
      @Override
      public Optional<IntegerFormat> roundedTo(int block, Role role) {
        return inside(block, role) ? Optional.of(format) : Optional.empty();
      }
    };
  }

  private static WeightChange masks(Model model, Json mask) {
    int every = mask.at("every").integer();
    int settling = mask.at("settling").integer();
    double decay = mask.at("decay").number();
    return new WeightChange() {
      @Override
      public Optional<DecayingMask> decayingMask(int block, Role role) {
        if (!inside(block, role)) {
          return Optional.empty();
        }
        int kept = mask.at("kept").integer();
        int of = mask.at("of").integer();
        int columns = model.blocks().get(block).parameters().get(role).weight().shape().columns();
        return Optional.of(
            mask.at("by_row").bool()
                ? DecayingMask.byRow(1 - kept / (double) of, columns, every, decay, settling)
                : new DecayingMask(kept, of, every, decay, settling));
      }
    };
  }

  private static WeightChange factors(Model model, Json run, SafetensorsFile file) {
    return new WeightChange() {
      @Override
      public boolean learns(int block, Role role) {
        return false;
      }

      @Override
      public Optional<Factors> factors(int block, Role role) {
        return inside(block, role)
            ? Optional.of(
                new Factors(
                    run.at("rank").integer(),
                    run.at("scale").number(),
                    file.tensor("spp." + model.layerName(role, block) + ".a").toFloats(),
                    null))
            : Optional.empty();
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

  private static List<Example> examples(Json batch) {
    List<Json> ids = batch.at("input_ids").items();
    return IntStream.range(0, ids.size())
        .mapToObj(i -> new Example(ids.get(i).integers(), batch.at("labels").at(i).integers()))
        .toList();
  }
}
