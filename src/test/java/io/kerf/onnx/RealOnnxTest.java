package io.kerf.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.RealModels;
import io.kerf.compress.Compression;
import io.kerf.compress.RoundToNearest;
import io.kerf.model.Model;
import io.kerf.model.ModelReader;
import io.kerf.progress.ProgressListener;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real weights, written, run by ONNX Runtime and compared with Kerf's float32 session. */
@Tag("big")
class RealOnnxTest {
  private static final String TEXT =
      "A kerf is the width of wood that a saw turns to dust: what the cut costs. The capital of"
          + " France is Paris, and the river that runs through it is the Seine.";

  // Logits of real models are tens, and float32 sums in another order differ by 1e-4 there.
  private static final float TOLERANCE = 2e-4f;

  @TempDir Path folder;

  @Test
  void aDecoderHasItsLogits() throws Exception {
    compared("smollm2-135m-instruct", RoundToNearest.int4());
  }

  @Test
  void anEncoderHasItsLogits() throws Exception {
    compared("bert-base-cased", RoundToNearest.int4());
  }

  private void compared(String name, Compression fourBits) throws Exception {
    Model dense = ModelReader.read(RealModels.fetched(name), ProgressListener.NONE);
    long whole = compared(dense);
    long eight = compared(RoundToNearest.int8().apply(dense));
    long four = compared(fourBits.apply(dense));
    assertTrue(four < eight && eight < whole, four + ", " + eight + ", " + whole + " bytes");
  }

  /** The size of the file, in bytes. */
  private long compared(Model model) throws Exception {
    int[] ids = model.tokenizer().encode(TEXT, true);
    Path file = folder.resolve("model.onnx");
    OnnxExport.write(model, file, OnnxOptions.of().overwrite(), "test", ProgressListener.NONE);
    float[] want = KerfLogits.of(model, ids);
    try (OrtModel onnx = OrtModel.open(file)) {
      float[] seen = onnx.logits(OrtModel.single(ids));
      assertArrayEquals(want, seen, TOLERANCE, model.label());
    }
    return Files.size(file);
  }
}
