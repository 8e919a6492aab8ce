package io.kerf.source;

import io.kerf.json.Json;
import io.kerf.json.JsonException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Which of a repository's files make a model: configuration, tokenizer, one kind of weights; or an
 * adapter.
 */
final class HubSelection {
  static final String CONFIG = "config.json";

  /** In the order in which readers look for them: the first that is there is the one. */
  private static final List<String> WEIGHTS =
      List.of(
          "model.safetensors",
          "model.safetensors.index.json",
          "pytorch_model.bin",
          "pytorch_model.bin.index.json");

  private static final String ADAPTER = "adapter_config.json";

  private static final List<String> ADAPTER_WEIGHTS =
      List.of("adapter_model.safetensors", "adapter_model.bin");

  private static final String TOKENIZER = "tokenizer.json";

  /** Any of these is a tokenizer's vocabulary; the last two only matter without the first. */
  private static final List<String> VOCABULARIES =
      List.of(TOKENIZER, "vocab.txt", "vocab.json", "spiece.model", "tokenizer.model");

  /** What readers take into account where it is there. */
  static final List<String> SETTINGS = List.of("tokenizer_config.json", "special_tokens_map.json");

  private static final List<String> OTHERS = List.of("merges.txt", "generation_config.json");

  private HubSelection() {}

  /** All but the weights, of what is there. */
  static List<String> besidesWeights(Predicate<String> there) {
    List<String> chosen = new ArrayList<>();
    chosen.add(CONFIG);
    chosen.addAll(VOCABULARIES);
    chosen.addAll(SETTINGS);
    chosen.addAll(OTHERS);
    if (there.test(TOKENIZER)) {
      chosen.removeIf(name -> name.endsWith(".model"));
    }
    chosen.removeIf(there.negate());
    return chosen;
  }

  /** The weights, or the index of the files that hold them. */
  static Optional<String> weights(Predicate<String> there) {
    return WEIGHTS.stream().filter(there).findFirst();
  }

  /** The files of PEFT's adapter, where a repository holds one and no model; else none. */
  static List<String> adapter(Predicate<String> there) {
    Optional<String> weights = ADAPTER_WEIGHTS.stream().filter(there).findFirst();
    return there.test(ADAPTER) && weights.isPresent() && weights(there).isEmpty()
        ? List.of(ADAPTER, weights.get())
        : List.of();
  }

  static boolean isIndex(String weights) {
    return weights.endsWith(".index.json");
  }

  /**
   * The files that an index names.
   *
   * @param origin how errors name it
   * @throws FetchException if it is no index, or names a file that could lie elsewhere
   */
  static Set<String> shards(byte[] index, String origin) {
    Set<String> shards = new LinkedHashSet<>();
    try {
      Json.parse(index, origin)
          .at("weight_map")
          .fields()
          .values()
          .forEach(file -> shards.add(file.text()));
    } catch (JsonException e) {
      throw new FetchException(e.getMessage() + "; the file is damaged: get it again", e);
    }
    shards.forEach(file -> SafeName.check("a file that " + origin + " names", file));
    return shards;
  }

  /** What has to be there and is not, in words; whatever an index names is not looked at. */
  static List<String> missing(Predicate<String> there) {
    List<String> missing = new ArrayList<>();
    if (!adapter(there).isEmpty()) {
      return missing;
    }
    if (!there.test(CONFIG)) {
      missing.add(CONFIG);
    }
    if (VOCABULARIES.stream().noneMatch(there)) {
      missing.add("tokenizer (" + String.join(" or ", VOCABULARIES) + ")");
    }
    if (weights(there).isEmpty()) {
      missing.add("weights (" + String.join(" or ", WEIGHTS) + ")");
    }
    return missing;
  }

  /** The GGUF files among those, in order. */
  static List<String> ggufs(Stream<String> files) {
    return files.filter(name -> name.endsWith(".gguf")).sorted().toList();
  }
}
