package io.kerf.format;

import io.kerf.tensor.Tensor;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A GGUF file, version 2 or 3: typed metadata (the configuration and the tokenizer among it) and
 * tensors in GGML's encodings.
 *
 * <p>Shapes are given outermost first, so that a linear layer's weight is (out, in) as everywhere.
 * Rows of LLaMA's query and key weights lie as llama.cpp wants them; putting them back is the
 * model's work.
 */
public final class GgufFile implements WeightFile {
  /** The first four bytes, "GGUF" read little-endian. */
  static final int MAGIC = 0x46554747;

  private final FileRegion region;
  private final Map<String, GgufValue> metadata;
  private final TensorTable tensors;

  private GgufFile(FileRegion region) {
    GgufReader reader = new GgufReader(region);
    this.region = region;
    this.metadata = Collections.unmodifiableMap(reader.metadata);
    this.tensors = reader.tensors;
  }

  /** Opens a file. */
  public static GgufFile open(Path file) {
    return new GgufFile(FileRegion.of(file));
  }

  /** All metadata by key, in the file's order. */
  public Map<String, GgufValue> metadata() {
    return metadata;
  }

  /** The value of that key; it may be absent, which only shows when its value is asked for. */
  public GgufValue metadata(String key) {
    GgufValue value = metadata.get(key);
    return value == null ? GgufValue.absent(name() + ": " + key) : value;
  }

  @Override
  public String name() {
    return region.name();
  }

  @Override
  public Set<String> tensorNames() {
    return tensors.names();
  }

  @Override
  public Tensor tensor(String name) {
    return tensors.tensor(name);
  }

  @Override
  public List<Path> files() {
    return List.of(region.file());
  }
}
