package io.kerf.text;

import static io.kerf.text.TokenizerJson.addedToken;

import io.kerf.format.FormatException;
import io.kerf.format.Llama2cVocabulary;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * llama2.c's tokenizer: SentencePiece's pairs by score, whose fixed ids are those of its program.
 *
 * <p>Tokens are those that run.c gives, but for a text that itself holds the three control tokens'
 * spelling: here, as with every other tokenizer, that is the token.
 */
final class Llama2cTokenizer {
  private static final int UNKNOWN = 0;
  private static final int BOS = 1;
  private static final int EOS = 2;
  private static final int FIRST_BYTE = 3;
  private static final int BYTES = 256;

  private Llama2cTokenizer() {}

  static Tokenizer of(Llama2cVocabulary vocabulary) {
    List<String> tokens = vocabulary.tokens();
    Map<String, Integer> ids = new LinkedHashMap<>(2 * tokens.size());
    for (int id = 0; id < tokens.size(); id++) {
      Integer before = ids.put(tokens.get(id), id);
      if (before != null) {
        throw new FormatException(
            "%s: token %d '%s' is already token %d"
                .formatted(vocabulary.name(), id, tokens.get(id), before));
      }
    }
    requireBytes(vocabulary.name(), tokens);
    requireOneOrder(vocabulary, ids);
    List<Object> control =
        List.of(
            addedToken(UNKNOWN, tokens.get(UNKNOWN), true),
            addedToken(BOS, tokens.get(BOS), true),
            addedToken(EOS, tokens.get(EOS), true));
    String bos = tokens.get(BOS);
    String json =
        new SentencePiece(" ", true)
            .json(
                vocabulary.name(),
                ids,
                vocabulary.scores(),
                tokens.get(UNKNOWN),
                control,
                TokenizerJson.template(
                    ids::get,
                    List.of(bos + ":0", "$A:0"),
                    List.of(bos + ":0", "$A:0", bos + ":1", "$B:1")));
    SpecialTokens special =
        new SpecialTokens(bos, tokens.get(EOS), null, null, tokens.get(UNKNOWN));
    return new FastTokenizer(
        json, vocabulary.name(), special.settings("PreTrainedTokenizerFast"), known -> special);
  }

  /** run.c spells a character that is no token by ids 3 and on, whatever these are called. */
  private static void requireBytes(String name, List<String> tokens) {
    for (int value = 0; value < BYTES; value++) {
      int id = FIRST_BYTE + value;
      String expected = "<0x%02X>".formatted(value);
      if (id >= tokens.size() || !tokens.get(id).equals(expected)) {
        throw new FormatException(
            "%s: token %d must be %s, was %s"
                .formatted(
                    name,
                    id,
                    expected,
                    id < tokens.size() ? "'" + tokens.get(id) + "'" : "absent"));
      }
    }
  }

  /** Two tokens of one score would be merged by their places in the text, which no table says. */
  private static void requireOneOrder(Llama2cVocabulary vocabulary, Map<String, Integer> ids) {
    Map<Float, String> byScore = new HashMap<>();
    for (List<String> merge : ScoredMerges.of(vocabulary.name(), ids, vocabulary.scores())) {
      String token = merge.get(0) + merge.get(1);
      String other = byScore.putIfAbsent(vocabulary.scores()[ids.get(token)], token);
      if (other != null && !other.equals(token)) {
        throw new FormatException(
            "%s: tokens '%s' and '%s' have one score, %s, so that neither is merged first"
                .formatted(vocabulary.name(), other, token, vocabulary.scores()[ids.get(token)]));
      }
    }
  }
}
