package io.kerf.text;

import static io.kerf.text.TokenizerJson.object;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a byte-level vocabulary splits a text before it merges, by the name that GGUF gives it in
 * {@code tokenizer.ggml.pre}.
 */
enum PreTokenization {
  GPT2("gpt-2", null, List.of(), true, false),
  /** Digits one by one, then GPT-2's pattern. */
  SMOLLM("smollm", null, List.of(object("type", "Digits", "individual_digits", true)), true, false),
  /** LLaMA 3: up to three digits together; words that are in the vocabulary are never merged. */
  LLAMA_BPE(
      "llama-bpe",
      null,
      List.of(isolated(Pattern.START + "\\p{N}{1,3}" + Pattern.END)),
      false,
      true),
  /** Digits one by one, and composed Unicode (NFC), as the models were trained. */
  QWEN2(
      "qwen2",
      object("type", "NFC"),
      List.of(isolated(Pattern.START + "\\p{N}" + Pattern.END)),
      false,
      false);

  /** What LLaMA 3's and Qwen 2's patterns have in common. */
  private static final class Pattern {
    static final String START = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|";
    static final String END = "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
  }

  private final String name;
  private final Map<String, Object> normalizer;
  private final List<Map<String, Object>> splits;
  private final boolean gpt2Pattern;
  private final boolean wholeWordsFirst;

  PreTokenization(
      String name,
      Map<String, Object> normalizer,
      List<Map<String, Object>> splits,
      boolean gpt2Pattern,
      boolean wholeWordsFirst) {
    this.name = name;
    this.normalizer = normalizer;
    this.splits = splits;
    this.gpt2Pattern = gpt2Pattern;
    this.wholeWordsFirst = wholeWordsFirst;
  }

  /** The one of that name; a guess would give other tokens without a word. */
  static PreTokenization named(String name, String origin) {
    return Arrays.stream(values())
        .filter(each -> each.name.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    origin
                        + ": tokenizer.ggml.pre "
                        + (name == null ? "is absent" : "'" + name + "' is not known")
                        + "; known: "
                        + Arrays.stream(values())
                            .map(each -> each.name)
                            .collect(Collectors.joining(", "))));
  }

  /** What GGUF calls it. */
  String ggufName() {
    return name;
  }

  Map<String, Object> normalizer() {
    return normalizer;
  }

  /** The splits, then bytes as printable characters. */
  Map<String, Object> preTokenizer() {
    Map<String, Object> bytes =
        object(
            "type",
            "ByteLevel",
            "add_prefix_space",
            false,
            "trim_offsets",
            false,
            "use_regex",
            gpt2Pattern);
    return object(
        "type",
        "Sequence",
        "pretokenizers",
        Stream.concat(splits.stream(), Stream.of(bytes)).toList());
  }

  /** Whether a word that is itself a token is taken whole, whatever the merges say. */
  boolean wholeWordsFirst() {
    return wholeWordsFirst;
  }

  private static Map<String, Object> isolated(String regex) {
    return object(
        "type",
        "Split",
        "pattern",
        object("Regex", regex),
        "behavior",
        "Isolated",
        "invert",
        false);
  }
}
