package io.kerf.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.kerf.format.FormatException;
import io.kerf.format.Llama2cBytes;
import io.kerf.format.Llama2cFile;
import io.kerf.model.Model;
import io.kerf.model.ModelReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Models in llama2.c's files write what its program writes. */
class Llama2cTest {
  private static final int VOCABULARY = 262;

  @TempDir Path folder;

  @TestFactory
  Stream<DynamicTest> writesTheTokensOfTheProgramsOwnLoop() {
    return Stream.of(
            new int[] {8, 12, 2, 4, 2, VOCABULARY, 16}, // grouped queries, the head shared
            new int[] {12, 7, 3, 2, 2, -VOCABULARY, 16}) // a head of its own
        .map(sizes -> dynamicTest(Arrays.toString(sizes), () -> assertGreedy(sizes)));
  }

  private void assertGreedy(int[] sizes) throws IOException {
    Path file = write(sizes);
    Model model = ModelReader.read(file);
    int[] start = {1, 260, 70};
    int[] expected = new RunC(Llama2cFile.open(file)).greedy(start, 10);
    try (DecoderSession session = DecoderSession.open(model, WeightFormat.FLOAT32)) {
      assertArrayEquals(expected, session.generate(start, 10, false));
    }
  }

  private Path write(int[] sizes) throws IOException {
    Files.write(folder.resolve("tokenizer.bin"), Llama2cBytes.vocabulary(List.of("ab", "b", "a")));
    return Files.write(folder.resolve("tiny.bin"), Llama2cBytes.weights(3, sizes));
  }

  @Test
  void aModelWithoutItsTokenizerSaysWhereItIsLookedFor() throws IOException {
    Path file = write(new int[] {8, 12, 2, 4, 2, VOCABULARY, 16});
    Files.delete(folder.resolve("tokenizer.bin"));
    assertEquals(
        file + " has no tokenizer: expected tok262.bin or tokenizer.bin beside it",
        assertThrows(FormatException.class, () -> ModelReader.read(file)).getMessage());
  }

  @Test
  void aHeadOfOddWidthCannotBeRotated() throws IOException {
    Path file = write(new int[] {9, 12, 2, 3, 3, VOCABULARY, 16});
    assertEquals(
        "tiny.bin: dim / n_heads must be even, since neighbours are rotated; was 3",
        assertThrows(FormatException.class, () -> ModelReader.read(file)).getMessage());
  }

  /** A real model beside a page that quotes what the program wrote. */
  @Tag("shared")
  @Test
  void aRealModelTellsItsStory() throws IOException {
    Path stories = Path.of(System.getProperty("kerf.shared"), "models/stories260K");
    Path file = stories.resolve("stories260K.bin");
    assumeTrue(Files.exists(file), file + " is absent");
    String page = Files.readString(stories.resolve("stories260K.md"));
    int begin = page.indexOf("-t 0.0\n") + "-t 0.0\n".length();
    String story = page.substring(begin, page.indexOf("\n```", begin));
    Model model = ModelReader.read(file);
    int[] start = model.tokenizer().encode("", true);
    try (DecoderSession session = DecoderSession.open(model, WeightFormat.FLOAT32)) {
      int[] ids = session.generate(start, 256, true); // the program's own number of steps
      String text = model.tokenizer().decode(ids, true);
      assertTrue(text.startsWith(story), () -> text + "\n--- expected ---\n" + story);
    }
  }

  /** run.c's forward pass, one token after another. */
  private static final class RunC {
    private final Llama2cFile file;
    private final Llama2cFile.Header c;
    private final List<List<float[][]>> cache = new ArrayList<>(); // by layer: keys and values

    RunC(Llama2cFile file) {
      this.file = file;
      this.c = file.header();
      for (int layer = 0; layer < c.layers(); layer++) {
        cache.add(new ArrayList<>());
      }
    }

    int[] greedy(int[] start, int count) {
      int[] ids = Arrays.copyOf(start, start.length + count);
      for (int at = 0; at + 1 < ids.length; at++) {
        float[] logits = logits(ids[at], at);
        if (at + 1 >= start.length) {
          for (int id = 1; id < logits.length; id++) {
            ids[at + 1] = logits[id] > logits[ids[at + 1]] ? id : ids[at + 1];
          }
        }
      }
      return Arrays.copyOfRange(ids, start.length, ids.length);
    }

    private float[] logits(int token, int at) {
      float[] x = new float[c.dim()];
      System.arraycopy(weights("token_embedding_table"), token * c.dim(), x, 0, c.dim());
      for (int layer = 0; layer < c.layers(); layer++) {
        float[] normed = norm(x, weights("rms_att_weight." + layer));
        float[] query = rotated(times("wq." + layer, normed), at);
        float[] key = rotated(times("wk." + layer, normed), at);
        cache.get(layer).add(new float[][] {key, times("wv." + layer, normed)});
        add(x, times("wo." + layer, attention(query, cache.get(layer))));
        float[] inner = norm(x, weights("rms_ffn_weight." + layer));
        float[] gate = times("w1." + layer, inner);
        float[] up = times("w3." + layer, inner);
        for (int i = 0; i < gate.length; i++) {
          gate[i] *= up[i] / (1 + (float) Math.exp(-gate[i]));
        }
        add(x, times("w2." + layer, gate));
      }
      return times(
          c.sharedHead() ? "token_embedding_table" : "wcls", norm(x, weights("rms_final_weight")));
    }

    private float[] attention(float[] query, List<float[][]> past) {
      int width = c.headWidth();
      float[] out = new float[c.dim()];
      for (int head = 0; head < c.heads(); head++) {
        int shared = head / (c.heads() / c.keyValueHeads()) * width;
        double[] weights = new double[past.size()];
        double sum = 0;
        for (int t = 0; t < weights.length; t++) {
          double dot = 0;
          for (int i = 0; i < width; i++) {
            dot += query[head * width + i] * past.get(t)[0][shared + i];
          }
          weights[t] = Math.exp(dot / Math.sqrt(width));
          sum += weights[t];
        }
        for (int t = 0; t < weights.length; t++) {
          for (int i = 0; i < width; i++) {
            out[head * width + i] += (float) (weights[t] / sum * past.get(t)[1][shared + i]);
          }
        }
      }
      return out;
    }

    private float[] rotated(float[] heads, int at) {
      float[] out = heads.clone();
      for (int i = 0; i < heads.length; i += 2) {
        double angle = at / Math.pow(10000, (double) (i % c.headWidth()) / c.headWidth());
        out[i] = (float) (heads[i] * Math.cos(angle) - heads[i + 1] * Math.sin(angle));
        out[i + 1] = (float) (heads[i] * Math.sin(angle) + heads[i + 1] * Math.cos(angle));
      }
      return out;
    }

    private float[] norm(float[] x, float[] gain) {
      double squares = 0;
      for (float value : x) {
        squares += value * value;
      }
      float scale = (float) (1 / Math.sqrt(squares / x.length + 1e-5));
      float[] out = new float[x.length];
      for (int i = 0; i < x.length; i++) {
        out[i] = gain[i] * x[i] * scale;
      }
      return out;
    }

    private float[] times(String name, float[] x) {
      float[] weights = weights(name);
      float[] out = new float[weights.length / x.length];
      for (int row = 0; row < out.length; row++) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
          sum += weights[row * x.length + i] * x[i];
        }
        out[row] = (float) sum;
      }
      return out;
    }

    private static void add(float[] x, float[] more) {
      for (int i = 0; i < x.length; i++) {
        x[i] += more[i];
      }
    }

    private float[] weights(String name) {
      return file.tensor(name).toFloats();
    }
  }
}
