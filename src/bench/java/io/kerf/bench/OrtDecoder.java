package io.kerf.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.kerf.model.Config;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** A decoder's ONNX file with a cache, run by ONNX Runtime. */
final class OrtDecoder implements AutoCloseable {
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;
  private final Config config;

  /** Opens a file; the model's configuration gives the cache's sizes. */
  OrtDecoder(Path file, Config config, int threads) {
    this.config = config;
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      session = environment.createSession(file.toString(), options);
    } catch (OrtException e) {
      throw new IllegalStateException(file + " does not open", e);
    }
  }

  /** The logits after every token (T, V). */
  float[] logits(int[] ids) {
    try (Step step = start(ids)) {
      FloatBuffer buffer = step.logits();
      float[] values = new float[buffer.remaining()];
      buffer.get(values);
      return values;
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Goes on with a prompt by so many of the likeliest tokens. */
  int[] generate(int[] prompt, int newTokens) {
    int[] made = new int[newTokens];
    Step step = null;
    try {
      step = start(prompt);
      for (int i = 0; i < newTokens; i++) {
        made[i] = step.likeliest();
        if (i + 1 < newTokens) {
          Step next = step(new int[] {made[i]}, prompt.length + i + 1, step.result);
          step.close();
          step = next;
        }
      }
      return made;
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    } finally {
      if (step != null) {
        step.close();
      }
    }
  }

  private Step start(int[] ids) throws OrtException {
    return step(ids, ids.length, null);
  }

  /**
   * One run.
   *
   * @param seen tokens in all, cached ones with them
   * @param before the result that holds the cache, or null
   */
  private Step step(int[] ids, int seen, OrtSession.Result before) throws OrtException {
    Map<String, OnnxTensor> own = new HashMap<>();
    try {
      long[] ones = new long[seen];
      Arrays.fill(ones, 1);
      own.put("input_ids", row(Arrays.stream(ids).asLongStream().toArray()));
      own.put("attention_mask", row(ones));
      Map<String, OnnxTensor> all = new HashMap<>(own);
      for (String name : session.getInputNames()) {
        if (name.startsWith("past_key_values.")) {
          String present = name.replace("past_key_values", "present");
          if (before == null) {
            own.put(name, nothing());
            all.put(name, own.get(name));
          } else {
            all.put(name, (OnnxTensor) before.get(present).orElseThrow());
          }
        }
      }
      return new Step(session.run(all), ids.length);
    } finally {
      own.values().forEach(OnnxTensor::close);
    }
  }

  private OnnxTensor row(long[] values) throws OrtException {
    return OnnxTensor.createTensor(
        environment, LongBuffer.wrap(values), new long[] {1, values.length});
  }

  private OnnxTensor nothing() throws OrtException {
    Config.Attention attention = config.attention();
    long[] shape = {1, attention.keyValueHeads(), 0, attention.headWidth()};
    return OnnxTensor.createTensor(environment, FloatBuffer.allocate(0), shape);
  }

  private record Step(OrtSession.Result result, int tokens) implements AutoCloseable {
    FloatBuffer logits() {
      return ((OnnxTensor) result.get("logits").orElseThrow()).getFloatBuffer();
    }

    int likeliest() {
      FloatBuffer all = logits();
      int vocabulary = all.remaining() / tokens;
      int first = (tokens - 1) * vocabulary;
      int best = 0;
      for (int v = 1; v < vocabulary; v++) {
        best = all.get(first + v) > all.get(first + best) ? v : best;
      }
      return best;
    }

    @Override
    public void close() {
      result.close();
    }
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }
}
