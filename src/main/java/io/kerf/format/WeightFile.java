package io.kerf.format;

import io.kerf.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * Named tensors in one file or several.
 *
 * <p>Opening reads and checks the headers alone. A tensor's bytes are mapped when it is asked for
 * and read when its values are. Nothing needs to be closed.
 */
public interface WeightFile {
  /** How errors name it: the file name. */
  String name();

  /** The tensors' names, in the file's order. */
  Set<String> tensorNames();

  /**
   * A tensor as stored.
   *
   * @throws FormatException if there is none of that name
   */
  Tensor tensor(String name);

  /** The files that hold it all, an index among them: what a checksum has to cover. */
  List<Path> files();

  /** Whether there is a tensor of that name. */
  default boolean has(String name) {
    return tensorNames().contains(name);
  }

  /**
   * Opens weights of whatever kind.
   *
   * @param fileOrFolder a Hugging Face folder (model.safetensors or pytorch_model.bin, whole or
   *     with an index), or one of those files, a GGUF file, or a {@code .bin} file of llama2.c
   * @throws FormatException if it is none of these, or damaged
   */
  static WeightFile open(Path fileOrFolder) {
    return WeightFiles.open(fileOrFolder);
  }
}
