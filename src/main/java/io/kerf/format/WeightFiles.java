package io.kerf.format;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Chooses the reader for a path: by name inside a folder, by name and first bytes for a file. */
final class WeightFiles {
  /** In the order in which a folder is searched. */
  private static final List<String> FOLDER_NAMES =
      List.of(
          "model.safetensors",
          "model.safetensors.index.json",
          "pytorch_model.bin",
          "pytorch_model.bin.index.json");

  private static final String UNDERSTOOD =
      "understood are a folder with "
          + String.join(", ", FOLDER_NAMES)
          + ", one of these files, a GGUF file, and a .bin file of llama2.c";

  private WeightFiles() {}

  static WeightFile open(Path path) {
    if (!Files.isDirectory(path)) {
      return openFile(path);
    }
    Stream<Path> known = FOLDER_NAMES.stream().map(path::resolve).filter(Files::isRegularFile);
    return openFile(
        known
            .findFirst()
            .orElseThrow(() -> new FormatException(path + " holds no weights; " + UNDERSTOOD)));
  }

  private static WeightFile openFile(Path file) {
    FileRegion region = FileRegion.of(file);
    String name = region.name();
    if (name.endsWith(".index.json")) {
      return ShardedWeights.open(file);
    }
    if (name.endsWith(".safetensors")) {
      return SafetensorsFile.open(file);
    }
    if (name.endsWith(".gguf") || startsWithGguf(region)) {
      return GgufFile.open(file);
    }
    if (name.endsWith(".bin") && Llama2cFile.claims(region)) {
      return Llama2cFile.open(file);
    }
    if (name.endsWith(".bin") || name.endsWith(".pt") || name.endsWith(".pth")) {
      return TorchFile.open(file);
    }
    throw new FormatException(file + " is of no known kind; " + UNDERSTOOD);
  }

  private static boolean startsWithGguf(FileRegion region) {
    return region.length() >= 4 && new HeaderCursor(region).int32("magic") == GgufFile.MAGIC;
  }
}
