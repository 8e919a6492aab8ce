package io.kerf.text;

import static io.kerf.text.TokenizerJson.addedToken;
import static io.kerf.text.TokenizerJson.object;

import io.kerf.format.GgufFile;
import io.kerf.format.GgufValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The tokenizer that a GGUF file carries, as its {@code tokenizer.ggml.*} fields say.
 *
 * @param origin the file, for errors
 * @param model "gpt2" for byte-level byte pair encoding, "llama" for SentencePiece's
 * @param pre how a text is split first; of byte-level vocabularies alone, else null
 * @param tokens by id
 * @param types by id: 1 normal, 2 unknown, 3 control, 4 user defined, 5 unused, 6 byte
 * @param scores by id, of "llama" vocabularies alone, else null: the higher, the sooner merged
 * @param merges "left right", first come first merged; of "gpt2" vocabularies alone, else null
 * @param bosId or -1
 * @param eosId or -1
 * @param unknownId or -1
 * @param padId or -1
 * @param addBos whether a text begins with the beginning-of-sequence token
 * @param addEos whether it ends with the end-of-sequence token
 * @param addSpacePrefix whether a space is put before the text; "llama" alone
 */
record GgufVocabulary(
    String origin,
    String model,
    String pre,
    List<String> tokens,
    int[] types,
    float[] scores,
    List<String> merges,
    int bosId,
    int eosId,
    int unknownId,
    int padId,
    boolean addBos,
    boolean addEos,
    boolean addSpacePrefix) {
  private static final int UNKNOWN = 2;
  private static final int CONTROL = 3;
  private static final int USER_DEFINED = 4;

  GgufVocabulary {
    tokens = List.copyOf(tokens);
    if (types.length != tokens.size()) {
      throw new IllegalArgumentException(
          origin
              + ": tokenizer.ggml.token_type must have one entry for each of the "
              + tokens.size()
              + " tokens, has "
              + types.length);
    }
  }

  /** The vocabulary in a file's metadata. */
  static GgufVocabulary of(GgufFile file) {
    String model = metadata(file, "model").text();
    boolean scored = model.equals("llama");
    String pre = metadata(file, "pre").optional().map(GgufValue::text).orElse(null);
    return new GgufVocabulary(
        file.name(),
        model,
        pre,
        metadata(file, "tokens").texts(),
        metadata(file, "token_type").integers(),
        scored ? floats(metadata(file, "scores").numbers()) : null,
        scored ? null : metadata(file, "merges").texts(),
        id(file, "bos_token_id"),
        id(file, "eos_token_id"),
        id(file, "unknown_token_id"),
        id(file, "padding_token_id"),
        // Where the file does not say, what llama.cpp does.
        bool(file, "add_bos_token", scored || "llama-bpe".equals(pre)),
        bool(file, "add_eos_token", false),
        bool(file, "add_space_prefix", scored));
  }

  private static GgufValue metadata(GgufFile file, String field) {
    return file.metadata("tokenizer.ggml." + field);
  }

  private static int id(GgufFile file, String field) {
    return metadata(file, field).optional().map(GgufValue::integer).orElse(-1);
  }

  private static boolean bool(GgufFile file, String field, boolean absent) {
    return metadata(file, field).optional().map(GgufValue::bool).orElse(absent);
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  /** This vocabulary ready to use. */
  Tokenizer tokenizer() {
    String json =
        switch (model) {
          case "gpt2" -> byteLevel();
          case "llama" -> sentencePiece();
          default ->
              throw new IllegalArgumentException(
                  origin
                      + ": tokenizer.ggml.model '"
                      + model
                      + "' is not known; known: gpt2, llama");
        };
    SpecialTokens special =
        new SpecialTokens(
            token("bos_token_id", bosId),
            token("eos_token_id", eosId),
            token("padding_token_id", padId),
            null,
            token("unknown_token_id", unknownId));
    return new FastTokenizer(
        json, origin, special.settings("PreTrainedTokenizerFast"), vocabulary -> special);
  }

  private String byteLevel() {
    PreTokenization split = PreTokenization.named(pre, origin);
    List<List<String>> pairs = new ArrayList<>(merges.size());
    for (String merge : merges) {
      int space = merge.indexOf(' ');
      if (space <= 0 || space != merge.lastIndexOf(' ') || space == merge.length() - 1) {
        throw new IllegalArgumentException(
            origin
                + ": tokenizer.ggml.merges["
                + pairs.size()
                + "] must be two tokens and a space between them, was '"
                + merge
                + "'");
      }
      pairs.add(List.of(merge.substring(0, space), merge.substring(space + 1)));
    }
    return TokenizerJson.write(
        addedTokens(),
        split.normalizer(),
        split.preTokenizer(),
        template(),
        object(
            "type", "ByteLevel",
            "add_prefix_space", false,
            "trim_offsets", false,
            "use_regex", true),
        model(null, pairs, false, split.wholeWordsFirst()));
  }

  private String sentencePiece() {
    if (scores == null || scores.length != tokens.size()) {
      throw new IllegalArgumentException(
          origin
              + ": tokenizer.ggml.scores must have one entry for each of the "
              + tokens.size()
              + " tokens, has "
              + (scores == null ? "none" : scores.length));
    }
    Object space = object("type", "Replace", "pattern", object("String", " "), "content", "▁");
    return TokenizerJson.write(
        addedTokens(),
        object(
            "type",
            "Sequence",
            "normalizers",
            addSpacePrefix
                ? List.of(object("type", "Prepend", "prepend", "▁"), space)
                : List.of(space)),
        null,
        template(),
        object(
            "type",
            "Sequence",
            "decoders",
            Stream.concat(
                    Stream.of(
                        object("type", "Replace", "pattern", object("String", "▁"), "content", " "),
                        object("type", "ByteFallback"),
                        object("type", "Fuse")),
                    addSpacePrefix
                        ? Stream.of(object("type", "Strip", "content", " ", "start", 1, "stop", 0))
                        : Stream.empty())
                .toList()),
        model(token("unknown_token_id", unknownId), ScoredMerges.of(ids(), scores), true, false));
  }

  private Map<String, Object> model(
      String unknown, List<List<String>> merges, boolean byteFallback, boolean wholeWordsFirst) {
    return object(
        "type",
        "BPE",
        "dropout",
        null,
        "unk_token",
        unknown,
        "continuing_subword_prefix",
        null,
        "end_of_word_suffix",
        null,
        "fuse_unk",
        byteFallback,
        "byte_fallback",
        byteFallback,
        "ignore_merges",
        wholeWordsFirst,
        "vocab",
        ids(),
        "merges",
        merges);
  }

  private Map<String, Integer> ids() {
    Map<String, Integer> ids = new LinkedHashMap<>(2 * tokens.size());
    for (int id = 0; id < tokens.size(); id++) {
      Integer before = ids.put(tokens.get(id), id);
      if (before != null) {
        throw new IllegalArgumentException(
            origin
                + ": tokenizer.ggml.tokens["
                + id
                + "] '"
                + tokens.get(id)
                + "' is already token "
                + before);
      }
    }
    return ids;
  }

  private List<Object> addedTokens() {
    List<Object> added = new ArrayList<>();
    for (int id = 0; id < types.length; id++) {
      if (types[id] == UNKNOWN || types[id] == CONTROL || types[id] == USER_DEFINED) {
        added.add(addedToken(id, tokens.get(id), types[id] != USER_DEFINED));
      }
    }
    return added;
  }

  /** The tokens around a text; around two, each is dressed as if alone. */
  private Map<String, Object> template() {
    if (!addBos && !addEos) {
      return null;
    }
    Map<String, Integer> ids = ids();
    List<String> single = dressed("$A", 0);
    return TokenizerJson.template(
        ids::get, single, Stream.concat(single.stream(), dressed("$B", 1).stream()).toList());
  }

  private List<String> dressed(String text, int segment) {
    List<String> pieces = new ArrayList<>();
    if (addBos) {
      pieces.add(required("bos_token_id", bosId) + ":" + segment);
    }
    pieces.add(text + ":" + segment);
    if (addEos) {
      pieces.add(required("eos_token_id", eosId) + ":" + segment);
    }
    return pieces;
  }

  private String required(String field, int id) {
    if (id < 0) {
      throw new IllegalArgumentException(
          origin + ": tokenizer.ggml." + field + " is absent, though every text is to have it");
    }
    return token(field, id);
  }

  private String token(String field, int id) {
    if (id >= tokens.size()) {
      throw new IllegalArgumentException(
          origin
              + ": tokenizer.ggml."
              + field
              + " must be one of the "
              + tokens.size()
              + " tokens, was "
              + id);
    }
    return id < 0 ? null : tokens.get(id);
  }
}
