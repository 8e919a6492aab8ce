package io.kerf.model;

import io.kerf.format.FormatException;
import io.kerf.format.GgufFile;
import io.kerf.format.GgufValue;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One model family's side of GGUF files: what the metadata says and what the weights are called.
 */
interface GgufArchitecture {
  /** Those we have. */
  List<GgufArchitecture> ALL =
      List.of(
          new LlamaGguf(), new QwenGguf(Family.QWEN2), new QwenGguf(Family.QWEN3), new Gpt2Gguf());

  /** GGUF's {@code general.architecture}. */
  String name();

  /** Reads the metadata. */
  Blueprint blueprint(GgufFile file);

  /** How the weights are called, and how they lie. */
  Spelling spelling(Config config);

  /**
   * The architecture of a file.
   *
   * @throws FormatException if we have none, naming those we have
   */
  static GgufArchitecture of(GgufFile file) {
    GgufValue architecture = file.metadata("general.architecture");
    String name = architecture.text();
    return ALL.stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new FormatException(
                    architecture.where()
                        + " '"
                        + name
                        + "' is not an architecture we have; in GGUF files we have: "
                        + ALL.stream()
                            .map(GgufArchitecture::name)
                            .collect(Collectors.joining(", "))));
  }
}
