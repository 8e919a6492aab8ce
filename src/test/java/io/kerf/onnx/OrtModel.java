package io.kerf.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** An ONNX file, run by ONNX Runtime as it comes: no option is set but one thread. */
final class OrtModel implements AutoCloseable {
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;

  private OrtModel(OrtSession session) {
    this.session = session;
  }

  static OrtModel open(Path file) {
    return open(file, Map.of());
  }

  static OrtModel open(Path file, Map<String, String> settings) {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      for (var setting : settings.entrySet()) {
        options.addConfigEntry(setting.getKey(), setting.getValue());
      }
      return new OrtModel(OrtEnvironment.getEnvironment().createSession(file.toString(), options));
    } catch (OrtException e) {
      throw new AssertionError(file + " does not open: " + e.getMessage(), e);
    }
  }

  Set<String> inputs() {
    return session.getInputNames();
  }

  Map<String, String> metadata() {
    try {
      return session.getMetadata().getCustomMetadata();
    } catch (OrtException e) {
      throw new AssertionError(e);
    }
  }

  /** One output as it lies, for these inputs. */
  record Array(float[] values, long[] shape) {}

  /** Runs integer matrices by name; inputs that the model does not have are left out. */
  float[] logits(Map<String, long[][]> inputs) {
    return run(inputs, Map.of()).get("logits").values();
  }

  Map<String, Array> run(Map<String, long[][]> integers, Map<String, Array> floats) {
    List<OnnxTensor> opened = new ArrayList<>();
    try {
      Map<String, OnnxTensor> given = new HashMap<>();
      for (var input : integers.entrySet()) {
        if (inputs().contains(input.getKey())) {
          given.put(input.getKey(), tensor(input.getValue()));
        }
      }
      for (var input : floats.entrySet()) {
        given.put(
            input.getKey(),
            OnnxTensor.createTensor(
                environment, FloatBuffer.wrap(input.getValue().values), input.getValue().shape));
      }
      opened.addAll(given.values());
      try (OrtSession.Result result = session.run(given)) {
        Map<String, Array> outputs = new HashMap<>();
        for (var output : result) {
          OnnxTensor tensor = (OnnxTensor) output.getValue();
          FloatBuffer buffer = tensor.getFloatBuffer();
          float[] values = new float[buffer.remaining()];
          buffer.get(values);
          outputs.put(output.getKey(), new Array(values, tensor.getInfo().getShape()));
        }
        return outputs;
      }
    } catch (OrtException e) {
      throw new AssertionError(e.getMessage(), e);
    } finally {
      opened.forEach(OnnxTensor::close);
    }
  }

  private OnnxTensor tensor(long[][] rows) throws OrtException {
    LongBuffer flat = LongBuffer.allocate(rows.length * rows[0].length);
    for (long[] row : rows) {
      flat.put(row);
    }
    return OnnxTensor.createTensor(
        environment, flat.flip(), new long[] {rows.length, rows[0].length});
  }

  /** The root of the mean squared difference. */
  static double distance(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return Math.sqrt(sum / a.length);
  }

  /** A text's ids, kept whole, as the inputs of an encoder or a decoder. */
  static Map<String, long[][]> single(int[] ids) {
    return padded(new int[][] {ids}, ids.length, 0, false);
  }

  /** The same, and what an encoder-decoder's decoder reads. */
  static Map<String, long[][]> withDecoder(Map<String, long[][]> inputs, long[][] decoded) {
    Map<String, long[][]> both = new HashMap<>(inputs);
    both.put("decoder_input_ids", decoded);
    return both;
  }

  /** Texts of several lengths, padded with that id on one side. */
  static Map<String, long[][]> padded(int[][] texts, int length, int pad, boolean left) {
    long[][] ids = new long[texts.length][length];
    long[][] mask = new long[texts.length][length];
    for (int row = 0; row < texts.length; row++) {
      int gap = left ? length - texts[row].length : 0;
      java.util.Arrays.fill(ids[row], pad);
      for (int i = 0; i < texts[row].length; i++) {
        ids[row][gap + i] = texts[row][i];
        mask[row][gap + i] = 1;
      }
    }
    return Map.of(
        "input_ids", ids, "attention_mask", mask, "token_type_ids", new long[texts.length][length]);
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new AssertionError(e);
    }
  }
}
