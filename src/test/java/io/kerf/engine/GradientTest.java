package io.kerf.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.kerf.Fixtures;
import io.kerf.model.Block;
import io.kerf.model.Family;
import io.kerf.model.Lineage;
import io.kerf.model.Model;
import io.kerf.model.ModelReader;
import io.kerf.model.Parameter;
import io.kerf.model.Role;
import io.kerf.tensor.FloatTensor;
import io.kerf.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Gradients of every architecture of the fixtures, against differences of its loss. */
class GradientTest {
  private static final Lineage.Step STEP = new Lineage.Step("trained", Map.of());
  private static final TrainingOptions OPTIONS =
      TrainingOptions.usual()
          .withOptimizer(new Optimizer.AdamW(0, 0.95, 1e-8, 0))
          .withClipNorm(Double.POSITIVE_INFINITY);

  private static Stream<DynamicTest> each(java.util.function.Consumer<Model> check) {
    return Fixtures.cases("models", "*").stream()
        .map(folder -> dynamicTest(name(folder), () -> check.accept(ModelReader.read(folder))));
  }

  private static String name(Path folder) {
    return folder.getFileName().toString();
  }

  private static List<Example> examples(Model model) {
    int length = Math.min(40, model.config().maxPositions() - 2);
    return Stream.of(length, length / 2)
        .map(
            tokens -> {
              int[] ids = ids(model, tokens, 31);
              return switch (model.config().family().kind()) {
                case CAUSAL -> Example.causal(ids);
                case MASKED -> new Example(ids, ids(model, tokens, 17));
                case ENCODER_DECODER -> new Example(ids, ids(model, tokens / 2, 17));
              };
            })
        .toList();
  }

  private static int[] ids(Model model, int count, int stride) {
    int words = model.config().vocabulary() - 10;
    return IntStream.range(0, count).map(i -> 5 + (7 + stride * i) % words).toArray();
  }

  @TestFactory
  Stream<DynamicTest> theLossIsThatOfTheLogits() {
    return each(
        model -> {
          try (TrainingSession session = TrainingSession.open(model, OPTIONS)) {
            Example example = examples(model).get(0);
            assertEquals(
                entropy(model, example), session.loss(List.of(example)), 2e-5, "cross entropy");
          }
        });
  }

  private static double entropy(Model model, Example example) {
    boolean causal = model.config().family().kind() == Family.Kind.CAUSAL;
    int[] decoded = {};
    if (model.config().family().kind() == Family.Kind.ENCODER_DECODER) {
      try (var session = EncoderDecoderSession.open(model, WeightFormat.FLOAT32)) {
        decoded = session.decoderInput(example.labels());
      }
      decoded = Arrays.copyOf(decoded, example.labels().length);
    }
    float[] logits = TinyLogits.of(model, example.ids(), decoded);
    int vocabulary = logits.length / (causal ? example.ids().length : example.labels().length);
    int rows = logits.length / vocabulary - (causal ? 1 : 0);
    double sum = 0;
    for (int row = 0; row < rows; row++) {
      int from = row * vocabulary;
      double all = 0;
      for (int v = 0; v < vocabulary; v++) {
        all += Math.exp(logits[from + v]);
      }
      sum += Math.log(all) - logits[from + example.labels()[causal ? row + 1 : row]];
    }
    return sum / rows;
  }

  @TestFactory
  Stream<DynamicTest> everyWeightLearns() {
    return each(
        model -> {
          try (TrainingSession session = TrainingSession.open(model, OPTIONS)) {
            session.step(examples(model), 1e-3);
            Model trained = session.trained(STEP);
            changed("shared", model.shared(), trained.shared());
            for (int b = 0; b < model.blocks().size(); b++) {
              Block block = model.blocks().get(b);
              changed("block " + b, block.parameters(), trained.blocks().get(b).parameters());
            }
          }
        });
  }

  private static void changed(String where, Map<Role, Parameter> was, Map<Role, Parameter> now) {
    was.forEach(
        (role, parameter) -> {
          changed(where + " " + role + " weight", parameter.weight(), now.get(role).weight());
          changed(where + " " + role + " bias", parameter.bias(), now.get(role).bias());
        });
  }

  private static void changed(String what, Tensor was, Tensor now) {
    if (was != null) {
      assertFalse(Arrays.equals(was.toFloats(), now.toFloats()), what + " did not learn");
    }
  }

  @TestFactory
  Stream<DynamicTest> gradientsAreThoseOfDifferences() {
    return each(GradientTest::check);
  }

  private static void check(Model model) {
    List<Example> examples = examples(model);
    try (TrainingSession session = TrainingSession.open(model, OPTIONS)) {
      TrainingSession.Outcome outcome = session.step(examples, 1e-30);
      Map<String, float[]> values = new LinkedHashMap<>();
      Map<String, Map<String, float[]>> kinds = new TreeMap<>();
      double square = 0;
      for (String name : session.state().arrays().keySet()) {
        if (name.startsWith("value.")) {
          String place = name.substring("value.".length());
          float[] gradient = session.state().array("first_moment." + place).toFloats();
          values.put(name, session.state().array(name).toFloats());
          kinds
              .computeIfAbsent(place.replaceAll("\\.\\d+\\.", "."), k -> new LinkedHashMap<>())
              .put(name, gradient);
          square += dot(gradient, gradient);
        }
      }
      assertEquals(Math.sqrt(square), outcome.gradientNorm(), 1e-4 * Math.sqrt(square), "norm");
      Random random = new Random(3);
      for (var kind : kinds.entrySet()) {
        Map<String, float[]> gradient = kind.getValue();
        double norm = norm(gradient);
        assertEquals(
            norm,
            slope(session, values, gradient, norm, 5e-3, examples),
            2e-2 * norm + 2e-4,
            kind.getKey() + " along its gradient");
        Map<String, float[]> other = new LinkedHashMap<>();
        double expected = 0;
        for (var each : gradient.entrySet()) {
          float[] signs = new float[each.getValue().length];
          for (int i = 0; i < signs.length; i++) {
            signs[i] = random.nextBoolean() ? 1 : -1;
          }
          other.put(each.getKey(), signs);
          expected += dot(signs, each.getValue());
        }
        double length = norm(other);
        assertEquals(
            expected / length,
            slope(session, values, other, length, 2e-2, examples),
            // A random direction crosses kinks of ReLU, where a difference is not a derivative.
            2e-2 * Math.abs(expected / length) + 1e-2 * norm + 2e-4,
            kind.getKey() + " along a random direction");
      }
    }
  }

  /** The loss's slope along a direction, by central differences of second and fourth order. */
  private static double slope(
      TrainingSession session,
      Map<String, float[]> values,
      Map<String, float[]> direction,
      double length,
      double step,
      List<Example> examples) {
    if (length == 0) {
      return 0;
    }
    double near = difference(session, values, direction, step / length, examples) / (2 * step);
    double far = difference(session, values, direction, 2 * step / length, examples) / (4 * step);
    return (4 * near - far) / 3;
  }

  private static double difference(
      TrainingSession session,
      Map<String, float[]> values,
      Map<String, float[]> direction,
      double step,
      List<Example> examples) {
    move(session, values, direction, step);
    double above = session.loss(examples);
    move(session, values, direction, -step);
    double below = session.loss(examples);
    move(session, values, direction, 0);
    return above - below;
  }

  private static void move(
      TrainingSession session,
      Map<String, float[]> values,
      Map<String, float[]> direction,
      double step) {
    Map<String, Tensor> arrays = new LinkedHashMap<>(session.state().arrays());
    direction.forEach(
        (name, along) -> {
          float[] moved = values.get(name).clone();
          for (int i = 0; i < moved.length; i++) {
            moved[i] += (float) (step * along[i]);
          }
          arrays.put(name, FloatTensor.wrap(arrays.get(name).shape(), moved));
        });
    session.restore(new TrainingState(1, arrays));
  }

  private static double norm(Map<String, float[]> arrays) {
    return Math.sqrt(arrays.values().stream().mapToDouble(a -> dot(a, a)).sum());
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
