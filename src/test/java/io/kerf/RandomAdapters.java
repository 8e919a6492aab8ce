package io.kerf;

import io.kerf.model.Adapter;
import io.kerf.model.AdapterLayers;
import io.kerf.model.AdapterTarget;
import io.kerf.model.Family;
import io.kerf.model.Model;
import io.kerf.model.ModelReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Adapters as training might make them: every layer with an A of its own. */
public final class RandomAdapters {
  private RandomAdapters() {}

  /** The first model of that family among the fixtures. */
  public static Model model(Family family) {
    return Fixtures.cases("models", "*").stream()
        .map(ModelReader::read)
        .filter(model -> model.config().family() == family)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + family + " among the fixtures"));
  }

  public static Adapter of(Model model, List<AdapterTarget> targets, int rank, double alpha) {
    return of(model, targets, rank, alpha, false);
  }

  public static Adapter of(
      Model model, List<AdapterTarget> targets, int rank, double alpha, boolean rankStabilized) {
    Random random = new Random(5);
    AdapterLayers layers = AdapterLayers.of(model);
    Map<AdapterTarget, Adapter.Factors> factors = new LinkedHashMap<>();
    for (AdapterTarget target : targets) {
      float[] a = random(random, rank * layers.shape(target).columns());
      float[] b = random(random, rank * layers.shape(target).rows());
      factors.put(target, new Adapter.Factors(a, b));
    }
    return Adapter.of(model, rank, alpha, rankStabilized, factors);
  }

  private static float[] random(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = 0.05f * (float) random.nextGaussian();
    }
    return values;
  }
}
