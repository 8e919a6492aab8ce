package io.kerf.format;

import io.kerf.json.Json;
import io.kerf.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

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
    Map<String, WeightFile> shards = new LinkedHashMap<>();
    Json.read(index)
        .at("weight_map")
        .fields()
        .forEach(
            (tensor, file) -> {
              WeightFile shard =
                  shards.computeIfAbsent(file.text(), name -> reader.apply(beside(name)));
              if (!shard.has(tensor)) {
                throw new FormatException(
                    name()
                        + ": weight_map places tensor '"
                        + tensor
                        + "' in "
                        + shard.name()
                        + ", which does not hold it; get both again");
              }
              fileOfTensor.put(tensor, shard);
            });
    shards.values().forEach(shard -> files.addAll(shard.files()));
  }

  /** Opens an index and every file it names. */
  public static ShardedWeights open(Path index) {
    boolean torch = index.getFileName().toString().endsWith(".bin.index.json");
    return new ShardedWeights(index, torch ? TorchFile::open : SafetensorsFile::open);
  }

  /** A shard's path; an index from outside must not lead out of its folder. */
  private Path beside(String file) {
    if (file.isEmpty() || file.equals("..") || file.matches(".*[/\\\\\\x00].*")) {
      throw new FormatException(
          name() + ": weight_map names '" + file + "', which is not a file name of its folder");
    }
    return index.resolveSibling(file);
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
