package io.kerf.format;

import io.kerf.json.Json;
import io.kerf.progress.Progress;
import io.kerf.tensor.Encoding;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes tensors as {@code model.safetensors}, or as shards with an index where they are more than
 * one file should hold. Tensors go to the disk one by one and are never all in memory.
 */
public final class SafetensorsWriter {
  private static final Map<Encoding, String> DTYPES =
      Map.of(Encoding.F32, "F32", Encoding.F16, "F16", Encoding.BF16, "BF16");

  private SafetensorsWriter() {}

  /**
   * Writes a folder's weights.
   *
   * @param folder must hold none yet
   * @param tensors each of another name
   * @param shardBytes a file's data take no more, unless one tensor alone does
   * @param progress told of the tensors' bytes
   * @return the files' SHA-256 by name, the index among them
   */
  public static Map<String, String> write(
      Path folder, List<Payload> tensors, long shardBytes, Progress progress) {
    List<List<Payload>> shards = shards(tensors, shardBytes);
    Map<String, String> hashes = new LinkedHashMap<>();
    if (shards.size() == 1) {
      String name = "model.safetensors";
      hashes.put(name, write(folder.resolve(name), shards.get(0), progress));
      return hashes;
    }
    Map<String, String> fileOfTensor = new LinkedHashMap<>();
    for (int i = 0; i < shards.size(); i++) {
      String name = "model-%05d-of-%05d.safetensors".formatted(i + 1, shards.size());
      hashes.put(name, write(folder.resolve(name), shards.get(i), progress));
      shards.get(i).forEach(tensor -> fileOfTensor.put(tensor.name(), name));
    }
    long total = tensors.stream().mapToLong(Payload::sizeBytes).sum();
    Map<String, Object> index = new LinkedHashMap<>();
    index.put("metadata", Map.of("total_size", total));
    index.put("weight_map", fileOfTensor);
    String name = "model.safetensors.index.json";
    hashes.put(name, write(folder.resolve(name), Json.writePretty(index)));
    return hashes;
  }

  /** In their order, each shard as full as it may be. */
  private static List<List<Payload>> shards(List<Payload> tensors, long shardBytes) {
    List<List<Payload>> shards = new ArrayList<>(List.of(new ArrayList<>()));
    long bytes = 0;
    for (Payload tensor : tensors) {
      List<Payload> last = shards.get(shards.size() - 1);
      if (!last.isEmpty() && bytes + tensor.sizeBytes() > shardBytes) {
        last = new ArrayList<>();
        shards.add(last);
        bytes = 0;
      }
      last.add(tensor);
      bytes += tensor.sizeBytes();
    }
    return shards;
  }

  /**
   * Writes one file.
   *
   * @return its SHA-256
   */
  public static String write(Path file, List<Payload> tensors, Progress progress) {
    // Wider numbers first, so that each lies at a multiple of its own size.
    List<Payload> ordered = new ArrayList<>(tensors);
    ordered.sort(Comparator.comparingInt(tensor -> -tensor.encoding().blockBytes()));
    try (FileSink sink = new FileSink(file, progress)) {
      sink.write(header(ordered));
      ordered.forEach(tensor -> tensor.writeTo(sink));
      return sink.finish();
    }
  }

  /** Its length, and JSON that ends in spaces so that the data begin at a multiple of 8. */
  private static byte[] header(List<Payload> tensors) {
    Map<String, Object> header = new LinkedHashMap<>();
    header.put("__metadata__", Map.of("format", "pt")); // transformers reads no file without
    long at = 0;
    for (Payload tensor : tensors) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("dtype", dtype(tensor));
      entry.put("shape", tensor.shape().sizes());
      entry.put("data_offsets", List.of(at, at + tensor.sizeBytes()));
      at += tensor.sizeBytes();
      header.put(tensor.name(), entry);
    }
    byte[] json = Json.write(header).getBytes(StandardCharsets.UTF_8);
    int padded = (json.length + 7) / 8 * 8;
    byte[] bytes = new byte[8 + padded];
    Arrays.fill(bytes, (byte) ' ');
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(padded).put(json);
    return bytes;
  }

  private static String dtype(Payload tensor) {
    String dtype = DTYPES.get(tensor.encoding());
    if (dtype == null) {
      throw new IllegalArgumentException(
          tensor.name() + ": safetensors has no " + tensor.encoding().label());
    }
    return dtype;
  }

  /** Writes a text beside the weights, as safely as them. */
  public static String write(Path file, String text) {
    try (FileSink sink = new FileSink(file, units -> {})) {
      sink.write(text.getBytes(StandardCharsets.UTF_8));
      return sink.finish();
    }
  }

  /** Whether a file of that name is one that {@link #write} makes. */
  public static boolean writes(String name) {
    return Set.of("model.safetensors", "model.safetensors.index.json").contains(name)
        || name.matches("model-\\d{5}-of-\\d{5}\\.safetensors");
  }
}
