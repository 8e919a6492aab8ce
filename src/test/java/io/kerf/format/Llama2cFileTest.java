package io.kerf.format;

import static io.kerf.format.Refusal.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.tensor.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Llama2cFileTest {
  private static final String AGAIN = "; the file is truncated or damaged: get it again";
  private static final int[] SIZES = {4, 6, 2, 2, 1, 7, 3};

  @TempDir Path folder;

  @Test
  void readsEveryTensorInItsPlace() throws IOException {
    byte[] bytes = Llama2cBytes.weights(1, SIZES);
    Llama2cFile file = Llama2cFile.open(write(bytes));
    assertEquals(new Llama2cFile.Header(4, 6, 2, 2, 1, 7, true, 3), file.header());
    assertEquals(Shape.of(7, 4), file.tensor("token_embedding_table").shape());
    assertEquals(Shape.of(2, 4), file.tensor("wk.1").shape());
    assertEquals(Shape.of(4, 6), file.tensor("w2.0").shape());
    assertFalse(file.has("wcls"));
    // embeddings 28, norms 8, wq 32, wk 16, wv 16, wo 32, norms 8, w1 48: then w2 of layer 1
    assertArrayEquals(floats(bytes, 28 + 8 + 32 + 16 + 16 + 32 + 8 + 48 + 24, 24), values("w2.1"));
    assertArrayEquals(floats(bytes, 28 + 8 + 32 + 8, 8), values("wk.1"));
    int end = bytes.length / 4 - 7;
    assertArrayEquals(floats(bytes, end - 6 - 4, 4), values("rms_final_weight"));
  }

  @Test
  void aNegativeVocabularyIsAHeadOfItsOwn() throws IOException {
    int[] sizes = SIZES.clone();
    sizes[5] = -7;
    byte[] bytes = Llama2cBytes.weights(1, sizes);
    Llama2cFile file = Llama2cFile.open(write(bytes));
    assertFalse(file.header().sharedHead());
    assertEquals(7, file.header().vocabulary());
    assertArrayEquals(floats(bytes, bytes.length / 4 - 7 - 28, 28), values("wcls"));
  }

  @Test
  void isChosenByWhatIsInTheFile() throws IOException {
    assertInstanceOf(Llama2cFile.class, WeightFile.open(write(Llama2cBytes.weights(1, SIZES))));
    // a dim of 128 begins with the byte that a pickle begins with
    byte[] wide = Llama2cBytes.weights(1, 128, 4, 1, 4, 4, 7, 3);
    assertInstanceOf(Llama2cFile.class, WeightFile.open(write(wide)));
    for (byte[] torch :
        List.of(
            SampleFiles.torch(SampleFiles.torchPickle()),
            SampleFiles.torchLegacy(SampleFiles.torchPickle()))) {
      assertInstanceOf(TorchFile.class, WeightFile.open(write(torch)));
    }
  }

  @Test
  void refusesAFileThatItsHeaderDoesNotExplain() throws IOException {
    byte[] valid = Llama2cBytes.weights(1, SIZES);
    String header =
        "Header[dim=4, hiddenDim=6, layers=2, heads=2, keyValueHeads=1, vocabulary=7,"
            + " sharedHead=true, sequence=3]";
    assertBad(
        "m.bin: has %d bytes, but its header, %s, takes %d"
                .formatted(valid.length - 1, header, valid.length)
            + AGAIN,
        Arrays.copyOf(valid, valid.length - 1));
    assertBad("m.bin: has 20 bytes, fewer than llama2.c's header" + AGAIN, new byte[20]);
    byte[] heads = valid.clone();
    heads[12] = 3;
    assertBad(
        "m.bin: is no file of llama2.c: its header is "
            + header.replace("heads=2", "heads=3")
            + "; all must be positive, heads divide dim, and kv heads divide heads"
            + AGAIN,
        heads);
  }

  @Test
  void refusesLaterFormatsByTheirVersion() throws IOException {
    byte[] later = new LittleEndian().int32(0x616b3432).int32(2).bytes(new byte[300]).toBytes();
    String message =
        "m.bin: version is 2; of llama2.c's formats the first is read: export with --version 0";
    assertBad(message, later);
    assertRefused(message, () -> WeightFile.open(folder.resolve("m.bin")));
  }

  @Test
  void aForgedHeaderAsksForNoMemory() throws IOException {
    byte[] valid = Llama2cBytes.weights(1, SIZES);
    int most = Integer.MAX_VALUE;
    byte[] forged =
        new LittleEndian()
            .int32(most)
            .int32(most)
            .int32(10_000)
            .int32(1)
            .int32(1)
            .int32(Integer.MIN_VALUE + 1)
            .int32(most)
            .bytes(Arrays.copyOfRange(valid, 28, valid.length))
            .toBytes();
    String message =
        assertThrows(FormatException.class, () -> Llama2cFile.open(write(forged))).getMessage();
    assertTrue(message.contains("has " + valid.length + " bytes, but its header"), message);
  }

  @Test
  void readsTokensAndScores() throws IOException {
    Path file = write(Llama2cBytes.vocabulary(List.of(" a", "é")));
    Llama2cVocabulary vocabulary = Llama2cVocabulary.open(file, 261);
    assertEquals(List.of(" a", "é"), vocabulary.tokens().subList(259, 261));
    assertEquals(-2, vocabulary.scores()[259]);
    assertEquals(-1, vocabulary.scores()[260]);
  }

  @Test
  void refusesAVocabularyOfAnotherModel() throws IOException {
    Path file = write(Llama2cBytes.vocabulary(List.of("a", "b")));
    assertRefused(
        "m.bin: 9 bytes follow its 260 tokens; it belongs to a model of a larger vocabulary",
        () -> Llama2cVocabulary.open(file, 260));
    assertRefused(
        "m.bin: token 261 score needs 4 bytes at byte %d, but only 0 are left%s"
            .formatted(Files.size(file), AGAIN),
        () -> Llama2cVocabulary.open(file, 262));
    byte[] long1 = new LittleEndian().int32(3).float32(0).int32(4).text("abcd").toBytes();
    assertRefused(
        "m.bin: token 0 has 4 bytes, but max_token_length is 3" + AGAIN,
        () -> Llama2cVocabulary.open(write(long1), 1));
    byte[] notText = new LittleEndian().int32(3).float32(0).int32(1).int8(0xff).toBytes();
    assertRefused(
        "m.bin: token 0 is not UTF-8 text" + AGAIN,
        () -> Llama2cVocabulary.open(write(notText), 1));
    byte[] notANumber = new LittleEndian().int32(3).float32(Float.NaN).int32(0).toBytes();
    assertRefused(
        "m.bin: token 0 has score NaN" + AGAIN, () -> Llama2cVocabulary.open(write(notANumber), 1));
  }

  private float[] values(String tensor) {
    return Llama2cFile.open(folder.resolve("m.bin")).tensor(tensor).toFloats();
  }

  private static float[] floats(byte[] bytes, int from, int count) {
    float[] values = new float[count];
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      values[i] = buffer.getFloat(28 + 4 * (from + i));
    }
    return values;
  }

  private void assertBad(String message, byte[] bytes) throws IOException {
    assertRefused(message, folder.resolve("m.bin"), bytes, Llama2cFile::open);
  }

  private Path write(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("m.bin"), bytes);
  }
}
