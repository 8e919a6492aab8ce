package io.kerf.text;

import io.kerf.format.FormatException;
import io.kerf.json.Json;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Checks a {@code tokenizer.json} before native code sees it.
 *
 * <p>The Rust library answers most mistakes by an error, but panics at some, and a panic ends the
 * whole process. So only parts that are known pass, and what these are known to panic at, or could
 * be made to write without bound, is refused here.
 */
final class CheckedDefinition {
  private static final int MAX_PARTS = 64;
  private static final int MAX_NESTING = 4;
  private static final int MAX_GROWTH = 1000; // characters that one may become
  private static final int MAX_TEMPLATE_TOKENS = 1000;

  private static final Set<String> NORMALIZERS =
      Set.of(
          "BertNormalizer",
          "ByteLevel",
          "Lowercase",
          "NFC",
          "NFD",
          "NFKC",
          "NFKD",
          "Nmt",
          "Precompiled",
          "Prepend",
          "Replace",
          "Sequence",
          "Strip",
          "StripAccents");
  private static final Set<String> PRE_TOKENIZERS =
      Set.of(
          "BertPreTokenizer",
          "ByteLevel",
          "CharDelimiterSplit",
          "Digits",
          "Metaspace",
          "Punctuation",
          "Sequence",
          "Split",
          "UnicodeScripts",
          "Whitespace",
          "WhitespaceSplit");
  private static final Set<String> POST_PROCESSORS =
      Set.of("BertProcessing", "ByteLevel", "RobertaProcessing", "Sequence", "TemplateProcessing");
  private static final Set<String> DECODERS =
      Set.of(
          "BPEDecoder",
          "ByteFallback",
          "ByteLevel",
          "CTC",
          "Fuse",
          "Metaspace",
          "Replace",
          "Sequence",
          "Strip",
          "WordPiece");
  private static final Set<String> MODELS = Set.of("BPE", "Unigram", "WordLevel", "WordPiece");

  private static final List<String> STAGES =
      List.of("normalizer", "pre_tokenizer", "post_processor", "decoder");

  private int parts;
  private int byteLevels;
  private int wrappers; // post-processors that put tokens around a text
  private long growth;

  private CheckedDefinition() {}

  /**
   * Checks a definition.
   *
   * @throws FormatException naming the part and its value
   */
  static void check(Json definition) {
    for (String stage : STAGES) {
      readable(definition.at(stage));
    }
    CheckedDefinition checked = new CheckedDefinition();
    checked.growth = 1;
    checked.part(definition.at("normalizer"), "normalizers", NORMALIZERS, 0);
    checked.part(definition.at("pre_tokenizer"), "pretokenizers", PRE_TOKENIZERS, 0);
    checked.part(definition.at("post_processor"), "processors", POST_PROCESSORS, 0);
    checked.growth = 1;
    checked.part(definition.at("decoder"), "decoders", DECODERS, 0);
    model(definition.at("model"));
    addedTokens(definition.at("added_tokens"));
  }

  /** The library panics at a decoder whose numbers and texts it cannot hold. */
  private static void readable(Json value) {
    if (value.isNumber()) {
      value.number();
    } else if (value.isText()) {
      whole(value, value.text());
    } else if (value.isArray()) {
      value.items().forEach(CheckedDefinition::readable);
    } else if (value.isObject()) {
      value
          .fields()
          .forEach(
              (name, field) -> {
                whole(field, name);
                readable(field);
              });
    }
  }

  private static void whole(Json value, String text) {
    boolean halved =
        text.codePoints()
            .anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    if (halved) {
      throw new FormatException(value.where() + " has half a character: it is not Unicode text");
    }
  }

  private void part(Json part, String children, Set<String> known, int depth) {
    if (!part.present()) {
      return;
    }
    String type = oneOf(part.at("type"), known);
    if (++parts > MAX_PARTS || depth > MAX_NESTING) {
      throw new FormatException(
          "%s: more than %d parts, or nested more than %d deep, are no tokenizer's"
              .formatted(part.where(), MAX_PARTS, MAX_NESTING));
    }
    switch (type) {
      case "Sequence" ->
          part.at(children).items().forEach(child -> part(child, children, known, depth + 1));
      case "Replace" -> {
        if (pattern(part.at("pattern"))) { // it would write before the first character of a text
          throw new FormatException(
              part.at("pattern").where() + " must not match where there is nothing to replace");
        }
        grow(part.at("content"));
      }
      case "Split" -> pattern(part.at("pattern"));
      case "Prepend" -> {
        if (part.at("prepend").text().isEmpty()) { // the first character would lose its place
          throw new FormatException(part.at("prepend").where() + " must not be empty");
        }
        grow(part.at("prepend"));
      }
      case "Precompiled" -> CharacterMap.check(part.at("precompiled_charsmap"));
      case "TemplateProcessing" -> {
        wrapper(part);
        template(part);
      }
      case "BertProcessing", "RobertaProcessing" -> wrapper(part);
      case "ByteLevel" -> byteLevel(part);
      case "Strip" -> strip(part.at("stop"));
      default -> {}
    }
  }

  private static String oneOf(Json type, Set<String> known) {
    String seen = type.text();
    if (!known.contains(seen)) {
      throw new FormatException(
          type.where() + " '" + seen + "' is not known; known: " + sorted(known));
    }
    return seen;
  }

  private static String sorted(Set<String> names) {
    return String.join(", ", names.stream().sorted().toList());
  }

  /** Checks a pattern and says whether it may match without a character. */
  private static boolean pattern(Json pattern) {
    Json regex = pattern.at("Regex");
    return regex.present()
        ? BoundedRegex.check(regex.where(), regex.text())
        : pattern.at("String").text().isEmpty();
  }

  /** One replacement after another may let a text grow as a power of the file's size. */
  private void grow(Json content) {
    growth *= Math.max(1, content.text().length());
    if (growth > MAX_GROWTH) {
      throw new FormatException(
          "%s: this and the parts before it turn a character into %d, more than %d"
              .formatted(content.where(), growth, MAX_GROWTH));
    }
  }

  private void byteLevel(Json part) {
    if (++byteLevels > 4) { // each may double a text; files have one a stage
      throw new FormatException(part.where() + ": ByteLevel appears more than 4 times");
    }
  }

  private void wrapper(Json part) {
    if (++wrappers > 1) {
      throw new FormatException(
          part.where() + ": only one post-processor may put tokens around a text");
    }
  }

  /** The library counts back past the first character of a short token. */
  private static void strip(Json stop) {
    if (stop.present() && stop.longInteger() != 0) {
      throw new FormatException(
          stop.where() + " must be 0, the only one supported; was " + stop.longInteger());
    }
  }

  private static void template(Json template) {
    Json tokens = template.at("special_tokens");
    tokens
        .fields()
        .forEach(
            (name, token) -> {
              List<Json> ids = token.at("ids").items();
              if (ids.size() != token.at("tokens").items().size() || ids.isEmpty()) {
                throw new FormatException(
                    "%s must name as many ids as tokens, was %s".formatted(token.where(), token));
              }
            });
    pieces(template.at("single"), Set.of("A"), tokens);
    pieces(template.at("pair"), Set.of("A", "B"), tokens);
  }

  private static void pieces(Json pieces, Set<String> texts, Json tokens) {
    int count = 0;
    Set<String> seen = new HashSet<>();
    for (Json piece : pieces.items()) {
      Json text = piece.at("Sequence").at("id");
      if (text.present()) {
        String id = text.text();
        if (!texts.contains(id) || !seen.add(id)) {
          throw new FormatException(
              "%s must be one of %s, each once; was '%s'"
                  .formatted(text.where(), sorted(texts), id));
        }
        continue;
      }
      Json special = piece.at("SpecialToken").at("id");
      Json token = tokens.at(special.text());
      if (!token.present()) {
        throw new FormatException(
            special.where() + " '" + special.text() + "' is not among special_tokens");
      }
      count += token.at("ids").items().size();
      if (count > MAX_TEMPLATE_TOKENS) {
        throw new FormatException(
            pieces.where() + " puts more than " + MAX_TEMPLATE_TOKENS + " tokens around a text");
      }
    }
  }

  private static void model(Json model) {
    if (model.at("type").present()) { // files of 2020 leave it out
      oneOf(model.at("type"), MODELS);
    }
    Json dropout = model.at("dropout");
    if (dropout.present() && dropout.number() != 0) {
      throw new FormatException(
          dropout.where() + " must be null: tokens that differ from run to run measure nothing");
    }
    Json prefix = model.at("continuing_subword_prefix");
    if (model.at("merges").present() && prefix.present() && !prefix.text().isEmpty()) {
      model.at("merges").items().forEach(merge -> continued(merge, prefix.text()));
    }
  }

  /** The library cuts as many bytes off the right side as the prefix has, without looking. */
  private static void continued(Json merge, String prefix) {
    String right =
        merge.isArray()
            ? merge.at(1).text()
            : merge.text().substring(merge.text().indexOf(' ') + 1);
    if (!right.startsWith(prefix)) {
      throw new FormatException(
          "%s: '%s' does not begin with continuing_subword_prefix '%s'"
              .formatted(merge.where(), right, prefix));
    }
  }

  private static void addedTokens(Json tokens) {
    if (!tokens.present()) {
      return;
    }
    for (Json token : tokens.items()) {
      if (token.at("content").text().isEmpty()) {
        throw new FormatException(token.at("content").where() + " must not be empty");
      }
    }
  }
}
