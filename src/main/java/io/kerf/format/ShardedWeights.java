package io.kerf.format;

import io.kerf.json.Json;
import io.kerf.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Weights in several files beside an index: {@code model.safetensors.index.json} or {@code
 * pytorch_model.bin.index.json}, whose {@code weight_map} names each tensor's file.
 */
public final class ShardedWeights implements WeightFile {
  private final Path index;
  private final Map<String, WeightFile> fileOfTensor = new LinkedHashMap<>();
  private final List<Path> files = new ArrayList<>();

  private ShardedWeights(Path index, Function<Path, WeightFile> reader) {
    this.index = index;
    files.add(index);
    FileRegion.of(index);
    Map<String, WeightFile> misplaced = new LinkedHashMap<>();
    Map<String, WeightFile> shards = new LinkedHashMap<>();
    Json document = Json.read(index);
    document
        .at("weight_map")
        .fields()
        .forEach(
            (tensor, file) -> {
              WeightFile shard =
                  shards.computeIfAbsent(file.text(), name -> reader.apply(beside(name)));
              if (!shard.has(tensor)) {
                misplaced.put(tensor, shard);
              }
              fileOfTensor.put(tensor, shard);
            });
    misplaced.forEach((tensor, shard) -> refuse(tensor, shard, shards.values()));
    shards.values().forEach(shard -> files.addAll(shard.files()));
    if (!torch(index)) { // there some writers count a shared storage once, others twice
      checkSize(document.at("metadata").at("total_size"));
    }
  }

  private void refuse(String tensor, WeightFile shard, Collection<WeightFile> shards) {
    String holders =
        shards.stream()
            .filter(each -> each.has(tensor))
            .map(WeightFile::name)
            .collect(Collectors.joining(", "));
    throw new FormatException(
        "%s: weight_map places tensor '%s' in %s, which does not hold it%s; get both again"
            .formatted(
                name(), tensor, shard.name(), holders.isEmpty() ? "" : " (" + holders + " does)"));
  }

  private void checkSize(Json declared) {
    if (!declared.present()) {
      return;
    }
    long bytes = 0;
    for (Map.Entry<String, WeightFile> tensor : fileOfTensor.entrySet()) {
      bytes += tensor.getValue().tensor(tensor.getKey()).sizeBytes();
    }
    if (declared.number() != bytes) { // some writers put 1.0e9
      throw new FormatException(
          "%s is %s, but the tensors of weight_map take %d bytes; get the index and its files again"
              .formatted(declared.where(), declared, bytes));
    }
  }

  private static boolean torch(Path index) {
    return index.getFileName().toString().endsWith(".bin.index.json");
  }

  /** Opens an index and every file it names. */
  public static ShardedWeights open(Path index) {
    return new ShardedWeights(index, torch(index) ? TorchFile::open : SafetensorsFile::open);
  }

  /** A shard's path; an index from outside must not lead out of its folder. */
  private Path beside(String file) {
    if (file.isEmpty() || file.equals("..") || file.matches(".*[/\\\\\\x00].*")) {
      throw new FormatException(
          name() + ": weight_map names '" + file + "', which is not a file name of its folder");
    }
    Path shard;
    try {
      shard = index.resolveSibling(file);
    } catch (InvalidPathException e) {
      throw new FormatException(
          name()
              + ": weight_map names '"
              + file
              + "', which is no file name here: "
              + e.getReason());
    }
    if (!Files.isRegularFile(shard)) {
      throw new FormatException(
          name() + ": weight_map names '" + file + "', which is not in its folder; get it too");
    }
    return shard;
  }

  @Override
  public String name() {
    return index.getFileName().toString();
  }

  @Override
  public Set<String> tensorNames() {
    return Collections.unmodifiableSet(fileOfTensor.keySet());
  }

  @Override
  public Tensor tensor(String name) {
    WeightFile shard = fileOfTensor.get(name);
    if (shard == null) {
      throw TensorTable.absent(name(), name, tensorNames());
    }
    return shard.tensor(name);
  }

  @Override
  public List<Path> files() {
    return List.copyOf(files);
  }
}
