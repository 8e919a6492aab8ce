package io.kerf.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GgufTokensTest {
  private static final List<String> TOKENS =
      List.of("<unk>", "<s>", "</s>", "<0x41>", "▁", "a", "b", "▁a", "ab", "▁ab");
  private static final int[] TYPES = {2, 3, 3, 6, 1, 1, 1, 1, 1, 1};
  private static final float[] SCORES = {0, 0, 0, 0, -9, -9, -9, -1, -2, -3};

  private static Tokenizer scored(int[] types, float[] scores) {
    return new GgufVocabulary(
            "test", "llama", null, TOKENS, types, scores, null, 1, 2, 0, -1, true, false, true)
        .tokenizer();
  }

  /** Scores are ranks anew; what is merged first, and so every token, is the same. */
  @Test
  void aSentencePieceVocabularyComesBack() {
    Tokenizer tokenizer = scored(TYPES, SCORES);
    Map<String, Object> fields = GgufTokens.of(tokenizer, TOKENS.size() + 2);
    assertEquals("llama", fields.get("tokenizer.ggml.model"));
    assertFalse(fields.containsKey("tokenizer.ggml.pre"));
    assertEquals(true, fields.get("tokenizer.ggml.add_bos_token"));
    assertEquals(false, fields.get("tokenizer.ggml.add_eos_token"));
    assertEquals(true, fields.get("tokenizer.ggml.add_space_prefix"));
    assertEquals(1, fields.get("tokenizer.ggml.bos_token_id"));
    List<?> tokens = (List<?>) fields.get("tokenizer.ggml.tokens");
    assertEquals(TOKENS, tokens.subList(0, TOKENS.size()));
    assertEquals(List.of("[PAD10]", "[PAD11]"), tokens.subList(10, 12));
    int[] types = (int[]) fields.get("tokenizer.ggml.token_type");
    assertArrayEquals(new int[] {2, 3, 3, 6, 1, 1, 1, 1, 1, 1, 5, 5}, types);
    float[] scores = (float[]) fields.get("tokenizer.ggml.scores");
    assertTrue(scores[7] > scores[8] && scores[8] > scores[9], "merged in the same order");
    Tokenizer again =
        scored(java.util.Arrays.copyOf(types, 10), java.util.Arrays.copyOf(scores, 10));
    for (String text : List.of("ab", "a b", "ab ab", "aab A", "bab")) {
      assertArrayEquals(tokenizer.encode(text, true), again.encode(text, true), text);
    }
  }

  @Test
  void refusesWordPieces() {
    Tokenizer pieces = Tokenizers.wordPiece("[PAD]\n[UNK]\n[CLS]\n[SEP]\na", "vocab.txt");
    String message =
        assertThrows(IllegalArgumentException.class, () -> GgufTokens.of(pieces, 5)).getMessage();
    assertEquals(
        "the tokenizer cannot be written to a GGUF file: its model is \"WordPiece\", GGUF has byte"
            + " pair encodings alone; save a folder instead",
        message);
  }

  @Test
  void refusesASplitThatHasNoName() {
    String json =
        TokenizerJson.write(
            List.of(),
            null,
            Map.of("type", "Whitespace"),
            null,
            null,
            TokenizerJson.object("type", "BPE", "vocab", Map.of("a", 0), "merges", List.of()));
    Tokenizer split =
        new FastTokenizer(
            json, "t", Map.of(), v -> new SpecialTokens(null, null, null, null, null));
    String message =
        assertThrows(IllegalArgumentException.class, () -> GgufTokens.of(split, 1)).getMessage();
    assertTrue(
        message.contains(
            "GGUF has no name that we know for how it splits a text; known are gpt-2, smollm"),
        message);
  }
}
