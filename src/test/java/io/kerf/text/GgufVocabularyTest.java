package io.kerf.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.kerf.Fixtures;
import io.kerf.json.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class GgufVocabularyTest {
  /** Whose byte-level vocabularies are split how. */
  private static final Map<String, String> PRE_BY_MODEL_TYPE =
      Map.of("llama", "llama-bpe", "gpt2", "gpt-2", "qwen2", "qwen2");

  private static GgufVocabulary byteLevel(String pre, List<String> tokens, List<String> merges) {
    int[] types = new int[tokens.size()];
    Arrays.fill(types, 1);
    types[0] = 3;
    return new GgufVocabulary(
        "tiny.gguf", "gpt2", pre, tokens, types, null, merges, 0, 0, -1, -1, false, false, false);
  }

  private static GgufVocabulary sentencePiece(
      List<String> tokens, int[] types, float[] scores, boolean addBos, boolean addSpacePrefix) {
    return new GgufVocabulary(
        "tiny.gguf",
        "llama",
        null,
        tokens,
        types,
        scores,
        null,
        1,
        2,
        0,
        -1,
        addBos,
        false,
        addSpacePrefix);
  }

  private static List<String> tokens(GgufVocabulary vocabulary, String text) {
    return vocabulary.tokenizer().pieces(text, true).tokens();
  }

  @Test
  void splitsDigitsAsEachPatternDoes() {
    List<String> tokens = List.of("<end>", "1", "2", "3", "4", "12", "123", "1234", "Ġ", "Ġ1");
    List<String> merges = List.of("1 2", "12 3", "123 4", "Ġ 1");
    assertEquals(List.of("1234", "Ġ1"), tokens(byteLevel("gpt-2", tokens, merges), "1234 1"));
    assertEquals(
        List.of("1", "2", "3", "4", "Ġ", "1"),
        tokens(byteLevel("smollm", tokens, merges), "1234 1"));
    assertEquals(
        List.of("123", "4", "Ġ", "1"), tokens(byteLevel("llama-bpe", tokens, merges), "1234 1"));
    assertEquals(
        List.of("1", "2", "3", "4", "Ġ", "1"),
        tokens(byteLevel("qwen2", tokens, merges), "1234 1"));
  }

  @Test
  void findsControlTokensInATextAndLeavesThemOutOfWhatIsDecoded() {
    Tokenizer tokenizer = byteLevel("gpt-2", List.of("<end>", "a"), List.of()).tokenizer();
    assertArrayEquals(new int[] {1, 0, 1}, tokenizer.encode("a<end>a", false));
    assertEquals("aa", tokenizer.decode(new int[] {1, 0, 1}, true));
    assertEquals(0, tokenizer.bosId().getAsInt());
    assertEquals(0, tokenizer.eosId().getAsInt());
    assertFalse(tokenizer.padId().isPresent());
  }

  @TestFactory
  Stream<DynamicTest> givesTheSameIdsAsTheTokenizerJsonOfTheSameVocabulary() {
    List<Path> byteLevel =
        Fixtures.cases("models", "*").stream()
            .filter(folder -> Files.exists(folder.resolve("tokenizer.json")))
            .filter(folder -> PRE_BY_MODEL_TYPE.containsKey(modelType(folder)))
            .filter(
                folder ->
                    tokenizerJson(folder).at("pre_tokenizer").toString().contains("ByteLevel"))
            .toList();
    assertFalse(byteLevel.isEmpty(), "no byte-level vocabulary in " + Fixtures.root());
    return byteLevel.stream()
        .map(folder -> dynamicTest(folder.getFileName().toString(), () -> agrees(folder)));
  }

  private static Json tokenizerJson(Path folder) {
    return Json.read(folder.resolve("tokenizer.json"));
  }

  private static String modelType(Path folder) {
    return Json.read(folder.resolve("config.json")).at("model_type").text();
  }

  private static void agrees(Path folder) {
    Tokenizer expected = Tokenizers.read(folder);
    List<String> tokens = new ArrayList<>();
    for (int id = 0; id < expected.vocabularySize(); id++) {
      tokens.add(expected.token(id));
    }
    int[] types = new int[tokens.size()];
    Arrays.fill(types, 1);
    for (Json added : tokenizerJson(folder).at("added_tokens").items()) {
      types[added.at("id").integer()] = added.at("special").bool() ? 3 : 4;
    }
    List<String> merges = new ArrayList<>();
    for (Json merge : tokenizerJson(folder).at("model").at("merges").items()) {
      merges.add(merge.isText() ? merge.text() : String.join(" ", merge.texts()));
    }
    int bos = expected.bosId().orElse(-1);
    boolean addBos = bos >= 0 && Arrays.equals(new int[] {bos}, expected.encode("", true));
    Tokenizer seen =
        new GgufVocabulary(
                folder.toString(),
                "gpt2",
                PRE_BY_MODEL_TYPE.get(modelType(folder)),
                tokens,
                types,
                null,
                merges,
                bos,
                expected.eosId().orElse(-1),
                -1,
                -1,
                addBos,
                false,
                false)
            .tokenizer();
    for (Json text : Json.read(folder.resolve("golden.json")).at("tokenizer").at("cases").items()) {
      assertArrayEquals(
          text.at("ids").integers(), seen.encode(text.at("text").text(), true), text.toString());
    }
  }

  @Test
  void mergesTheHighestScoreFirst() {
    List<String> tokens =
        List.of("<unk>", "<s>", "</s>", "▁", "s", "a", "w", "sa", "aw", "▁s", "▁saw");
    int[] types = {2, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1};
    float[] scores = {0, 0, 0, -9, -9, -9, -9, -2, -1, -3, -4};
    GgufVocabulary vocabulary = sentencePiece(tokens, types, scores, true, true);
    // "aw" before "sa"; then "▁s" and "▁saw" of it.
    assertEquals(List.of("<s>", "▁saw"), tokens(vocabulary, "saw"));
    assertEquals("saw", vocabulary.tokenizer().decode(new int[] {1, 10}, true));
    scores[7] = -0.5f; // "sa" first: then nothing joins "▁" to it
    assertEquals(List.of("<s>", "▁", "sa", "w"), tokens(vocabulary, "saw"));
  }

  @Test
  void mergesAsLlamaCppDoes() {
    Random random = new Random(7);
    List<String> tokens = new ArrayList<>(List.of("<unk>", "<s>", "</s>", "a", "b", "c"));
    while (tokens.size() < 40) { // of two tokens each, as a trained vocabulary is
      String token = tokens.get(3 + random.nextInt(tokens.size() - 3));
      String longer = token + tokens.get(3 + random.nextInt(tokens.size() - 3));
      if (longer.length() < 7 && !tokens.contains(longer)) {
        tokens.add(longer);
      }
    }
    int[] types = new int[tokens.size()];
    float[] scores = new float[tokens.size()];
    for (int id = 0; id < types.length; id++) {
      types[id] = id == 0 ? 2 : id < 3 ? 3 : 1;
      scores[id] = random.nextFloat();
    }
    Tokenizer tokenizer = sentencePiece(tokens, types, scores, false, false).tokenizer();
    for (int round = 0; round < 200; round++) {
      List<String> text = new ArrayList<>();
      for (int i = random.nextInt(30); i >= 0; i--) {
        text.add(String.valueOf((char) ('a' + random.nextInt(3))));
      }
      String whole = String.join("", text);
      assertEquals(merged(text, tokens, scores), tokenizer.pieces(whole, false).tokens(), whole);
    }
  }

  /** llama.cpp's rule: join the neighbours whose token has the highest score, leftmost first. */
  private static List<String> merged(List<String> pieces, List<String> tokens, float[] scores) {
    while (true) {
      int best = -1;
      float bestScore = Float.NEGATIVE_INFINITY;
      for (int i = 0; i + 1 < pieces.size(); i++) {
        int id = tokens.indexOf(pieces.get(i) + pieces.get(i + 1));
        if (id >= 0 && scores[id] > bestScore) {
          best = i;
          bestScore = scores[id];
        }
      }
      if (best < 0) {
        return pieces;
      }
      pieces.set(best, pieces.get(best) + pieces.remove(best + 1));
    }
  }

  @Test
  void spellsWhatItLacksInBytesAsTheFileHasThem() {
    List<String> tokens = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
    for (int b = 0; b < 256; b++) {
      tokens.add("<0x%02X>".formatted(b));
    }
    tokens.add("a");
    int[] types = new int[tokens.size()];
    Arrays.fill(types, 6);
    types[0] = 2;
    types[1] = 3;
    types[2] = 3;
    types[tokens.size() - 1] = 1;
    Tokenizer tokenizer =
        sentencePiece(tokens, types, new float[tokens.size()], false, false).tokenizer();
    String text = "aé😀";
    int[] ids = tokenizer.encode(text, true);
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    assertEquals(bytes.length, ids.length);
    assertEquals(tokens.size() - 1, ids[0]);
    for (int i = 1; i < ids.length; i++) {
      assertEquals(3 + (bytes[i] & 0xff), ids[i]);
    }
    assertEquals(text, tokenizer.decode(ids, true));
  }

  private static String refused(GgufVocabulary vocabulary) {
    return assertThrows(IllegalArgumentException.class, vocabulary::tokenizer).getMessage();
  }

  @Test
  void rejectsAWayToSplitThatItDoesNotKnow() {
    assertEquals(
        "tiny.gguf: tokenizer.ggml.pre 'tekken' is not known; known: gpt-2, smollm, llama-bpe,"
            + " qwen2",
        refused(byteLevel("tekken", List.of("<end>"), List.of())));
    assertEquals(
        "tiny.gguf: tokenizer.ggml.pre is absent; known: gpt-2, smollm, llama-bpe, qwen2",
        refused(byteLevel(null, List.of("<end>"), List.of())));
  }

  @Test
  void rejectsAMergeThatIsNotOfTwoTokens() {
    assertEquals(
        "tiny.gguf: tokenizer.ggml.merges[0] must be two tokens and a space between them,"
            + " was 'ab'",
        refused(byteLevel("gpt-2", List.of("<end>", "ab"), List.of("ab"))));
  }

  @Test
  void rejectsATokenThatStandsTwice() {
    assertEquals(
        "tiny.gguf: tokenizer.ggml.tokens[2] 'a' is already token 1",
        refused(byteLevel("gpt-2", List.of("<end>", "a", "a"), List.of())));
  }

  @Test
  void rejectsAnotherKindOfVocabulary() {
    GgufVocabulary vocabulary =
        new GgufVocabulary(
            "tiny.gguf",
            "rwkv",
            null,
            List.of("a"),
            new int[1],
            null,
            null,
            -1,
            -1,
            -1,
            -1,
            false,
            false,
            false);
    assertEquals(
        "tiny.gguf: tokenizer.ggml.model 'rwkv' is not known; known: gpt2, llama",
        refused(vocabulary));
  }

  @Test
  void rejectsTypesAndScoresThatAreNotOneAToken() {
    var error =
        assertThrows(
            IllegalArgumentException.class,
            () -> sentencePiece(List.of("a", "b"), new int[1], new float[2], false, true));
    assertEquals(
        "tiny.gguf: tokenizer.ggml.token_type must have one entry for each of the 2 tokens, has 1",
        error.getMessage());
    assertEquals(
        "tiny.gguf: tokenizer.ggml.scores must have one entry for each of the 2 tokens, has 1",
        refused(sentencePiece(List.of("a", "b"), new int[2], new float[1], false, true)));
  }

  @Test
  void rejectsScoredTokensOfAbsurdLength() {
    assertEquals(
        "tiny.gguf: token 1 has 300 characters; a scored vocabulary's have at most 256",
        refused(
            sentencePiece(List.of("a", "a".repeat(300)), new int[2], new float[2], false, true)));
  }

  @Test
  void rejectsASpecialTokenOutsideTheVocabulary() {
    assertEquals(
        "tiny.gguf: tokenizer.ggml.bos_token_id must be one of the 1 tokens, was 1",
        refused(sentencePiece(List.of("a"), new int[1], new float[1], true, true)));
  }
}
