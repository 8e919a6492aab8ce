package io.kerf.bench;

import io.kerf.engine.Example;
import io.kerf.engine.Libtorch;
import io.kerf.engine.Optimizer;
import io.kerf.engine.TrainingOptions;
import io.kerf.engine.TrainingSession;
import io.kerf.json.Json;
import io.kerf.model.ModelReader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Kerf's side of the training benchmark, in a process of its own that speaks as {@code train.py
 * --paced} does: a line once the model is open, then for each line that it reads a step and a line.
 *
 * <p>A process of its own has nothing resident but what training needs, as the peer's has: no
 * limits, no tables, no second arithmetic whose memory the allocator kept.
 */
public final class KerfTrainer {
  private KerfTrainer() {}

  /** Trains as long as it is asked to. */
  public static void main(String[] line) throws IOException {
    PrintStream answers = System.out;
    System.setOut(System.err); // whatever the libraries print must not mix with the answers
    TrainingSetting setting = TrainingSetting.of(line);
    Libtorch.threads(setting.threads());
    List<Example> rows =
        Files.readAllLines(setting.rows()).stream()
            .map(row -> Example.causal(Json.parse(row, setting.rows().toString()).integers()))
            .toList();
    try (TrainingSession training =
            TrainingSession.open(ModelReader.read(setting.model()), options(setting));
        BufferedReader pace = new BufferedReader(new InputStreamReader(System.in))) {
      Memory.forgetPeak();
      answers.println(
          Json.write(Map.of("engine", Libtorch.VERSION, "resident_bytes", Memory.residentBytes())));
      for (int step = 0; step < setting.steps() && pace.readLine() != null; step++) {
        int from = step * setting.batch();
        List<Example> batch = rows.subList(from, from + setting.batch());
        long start = System.nanoTime();
        TrainingSession.Outcome made = training.step(batch, setting.learningRate());
        double seconds = (System.nanoTime() - start) * 1e-9;
        Map<String, Object> said = new LinkedHashMap<>();
        said.put("step", step + 1);
        said.put("loss", made.loss());
        said.put("gradient_norm", made.gradientNorm());
        said.put("seconds", seconds);
        said.put("peak_bytes", Memory.peakBytes());
        answers.println(Json.write(said));
      }
    }
  }

  /** What the peer does, too; how a step is divided is Kerf's own affair. */
  private static TrainingOptions options(TrainingSetting setting) {
    return TrainingOptions.usual()
        .withOptimizer(new Optimizer.AdamW(0.9, 0.95, 1e-8, TrainingSetting.WEIGHT_DECAY))
        .withClipNorm(TrainingSetting.CLIP)
        .withBfloat16(setting.dtype().equals("bfloat16"));
  }
}
