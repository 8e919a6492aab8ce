package io.kerf.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.progress.Interrupted;
import io.kerf.progress.Progress;
import io.kerf.progress.ProgressListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxFileTest {
  private static final long ALL_INLINE = Long.MAX_VALUE;

  @TempDir Path folder;

  @Test
  void aFileIsTheModelsMessageByteByByte() throws IOException {
    Graph graph = new Graph();
    graph.input("x", ElementType.FLOAT32, 1);
    graph.store(
        new Initializer(
            "w", ElementType.INT8, List.of(2L), out -> out.bytes(new byte[] {7, -1}, 2)));
    Path file = folder.resolve("tiny.onnx");
    write(graph, file, false, ALL_INLINE);
    String expected =
        "08 0a" // ir_version 10
            + " 12 04 4b 65 72 66" // producer_name "Kerf"
            + " 1a 01 31" // producer_version "1"
            + " 42 04 0a 00 10 15" // opset_import: domain "", version 21
            + " 72 06 0a 01 6b 12 01 76" // metadata_props: k = v
            + " 3a 24" // graph of 36 bytes
            + " 12 04 6b 65 72 66" // name "kerf"
            + " 2a 0b 08 02 10 03 42 01 77 4a 02 07 ff" // initializer: dims 2, INT8, "w", raw_data
            + " 5a 0f 0a 01 78 12 0a 0a 08 08 01 12 04 0a 02 08 01"; // input "x": FLOAT, shape 1
    String seen = HexFormat.ofDelimiter(" ").formatHex(Files.readAllBytes(file));
    assertEquals(expected, seen);
  }

  @Test
  void fourBitIntegersLieInPairsTheFirstOneLower() {
    assertEquals(2, ElementType.INT4.sizeBytes(3));
    assertEquals(3, ElementType.INT8.sizeBytes(3));
    assertEquals(12, ElementType.FLOAT32.sizeBytes(3));
  }

  @Test
  void manyBytesGoIntoASecondFileByPages() throws IOException {
    Graph graph = new Graph();
    float[] first = {1, 2, 3};
    float[] second = new float[300];
    second[299] = 4;
    float[] third = new float[257];
    third[0] = 5;
    stored(graph, "a", first);
    stored(graph, "b", second);
    stored(graph, "c", third);
    graph.input("x", ElementType.FLOAT32, 257);
    graph.output("y", graph.add("x", "c"), ElementType.FLOAT32, 257);
    Path file = folder.resolve("big.onnx");
    write(graph, file, false, 1000);
    byte[] data = Files.readAllBytes(folder.resolve("big.onnx.data"));
    assertEquals(4096 + 4 * 257, data.length);
    assertArrayEquals(
        new byte[] {0, 0, (byte) 0x80, 0x40}, java.util.Arrays.copyOfRange(data, 1196, 1200));
    assertEquals(List.of("big.onnx", "big.onnx.data"), names());
    try (OrtModel model = OrtModel.open(file)) {
      var x = new OrtModel.Array(new float[257], new long[] {257});
      assertArrayEquals(third, model.run(Map.of(), Map.of("x", x)).get("y").values());
    }
  }

  @Test
  void aFileThatExistsIsReplacedOnlyWhenAsked() throws IOException {
    Path file = folder.resolve("m.onnx");
    Files.writeString(file, "mine");
    Graph graph = new Graph();
    stored(graph, "w", new float[8]);
    var refused =
        assertThrows(IllegalArgumentException.class, () -> write(graph, file, false, ALL_INLINE));
    assertEquals(
        file.toAbsolutePath()
            + " exists; choose another name, or replace it with onnx().overwrite()",
        refused.getMessage());
    assertEquals("mine", Files.readString(file));
    write(graph, file, true, ALL_INLINE);
    assertTrue(Files.size(file) > 32);
  }

  @Test
  void aNeighbourOfThatNameIsLeftAloneUnlessAsked() throws IOException {
    Path neighbour = folder.resolve("m.onnx.data");
    Files.writeString(neighbour, "mine");
    Graph graph = new Graph();
    stored(graph, "w", new float[300]);
    write(graph, folder.resolve("m.onnx"), false, ALL_INLINE);
    assertEquals("mine", Files.readString(neighbour));
    var refused =
        assertThrows(
            IllegalArgumentException.class, () -> write(graph, folder.resolve("m.onnx"), false, 0));
    assertTrue(refused.getMessage().contains("m.onnx exists"), refused.getMessage());
  }

  @Test
  void replacingASplitModelByAWholeOneTakesItsDataAway() throws IOException {
    Path file = folder.resolve("m.onnx");
    Graph graph = new Graph();
    stored(graph, "w", new float[300]);
    write(graph, file, false, 0);
    assertEquals(List.of("m.onnx", "m.onnx.data"), names());
    write(graph, file, true, ALL_INLINE);
    assertEquals(List.of("m.onnx"), names());
  }

  @Test
  void aFolderIsRefusedAndAMissingOneIsMade() {
    assertEquals(
        folder.toAbsolutePath()
            + " is a folder; name a file in it, for instance "
            + folder.toAbsolutePath().resolve("model.onnx"),
        assertThrows(
                IllegalArgumentException.class, () -> write(new Graph(), folder, true, ALL_INLINE))
            .getMessage());
    Path made = folder.resolve("new").resolve("m.onnx");
    write(new Graph(), made, false, ALL_INLINE);
    assertTrue(Files.exists(made));
  }

  @Test
  void aFailureInTheMiddleLeavesWhatWasThere() throws IOException {
    Path file = folder.resolve("m.onnx");
    Files.writeString(file, "mine");
    Graph graph = new Graph();
    stored(graph, "w", new float[1000]);
    graph.store(
        new Initializer(
            "broken",
            ElementType.FLOAT32,
            List.of(2L),
            out -> {
              throw new IOException("the source is gone");
            }));
    var failed =
        assertThrows(
            java.io.UncheckedIOException.class, () -> write(graph, file, true, ALL_INLINE));
    assertEquals("cannot write " + file + ": the source is gone", failed.getMessage());
    assertEquals("mine", Files.readString(file));
    assertEquals(List.of("m.onnx"), names());
  }

  @Test
  void anInterruptLeavesNothing() throws IOException {
    Graph graph = new Graph();
    for (int i = 0; i < 3; i++) {
      stored(graph, "w" + i, new float[1 << 19]);
    }
    ProgressListener stopping =
        (label, total, unit) -> (Progress) units -> Thread.currentThread().interrupt();
    OnnxFile file = new OnnxFile(graph, Map.of(), "1", ALL_INLINE);
    assertEquals(
        "writing an ONNX file was interrupted",
        assertThrows(Interrupted.class, () -> file.write(folder.resolve("m.onnx"), false, stopping))
            .getMessage());
    assertTrue(!Thread.interrupted());
    assertEquals(List.of(), names());
  }

  @Test
  void progressCountsEveryByteWritten() throws IOException {
    Graph graph = new Graph();
    stored(graph, "v", new float[1 << 9]);
    stored(graph, "w", new float[1 << 20]);
    for (long mostInline : new long[] {ALL_INLINE, 0}) {
      List<Long> seen = new ArrayList<>();
      long[] expected = new long[1];
      ProgressListener listener =
          (label, total, unit) -> {
            assertEquals("writing m.onnx, bytes", label + ", " + unit);
            expected[0] = total;
            return seen::add;
          };
      new OnnxFile(graph, Map.of(), "1", mostInline)
          .write(folder.resolve("m.onnx"), true, listener);
      long files = 0;
      for (String name : names()) {
        files += Files.size(folder.resolve(name));
      }
      assertEquals(files, expected[0]);
      assertEquals(files, seen.stream().mapToLong(Long::longValue).sum());
    }
  }

  private static void stored(Graph graph, String name, float[] values) {
    graph.store(
        new Initializer(
            name,
            ElementType.FLOAT32,
            List.of((long) values.length),
            out -> out.floats(values, values.length)));
  }

  private static void write(Graph graph, Path file, boolean replace, long mostInline) {
    new OnnxFile(graph, Map.of("k", "v"), "1", mostInline)
        .write(file, replace, ProgressListener.NONE);
  }

  private List<String> names() throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }
}
