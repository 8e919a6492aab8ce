package io.kerf.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.kerf.Fixtures;
import io.kerf.format.FormatException;
import io.kerf.json.Json;
import io.kerf.json.JsonException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class WordPieceVocabularyTest {
  @TempDir Path folder;

  private Path vocabulary(String... lines) throws IOException {
    return Files.writeString(folder.resolve("vocab.txt"), String.join("\n", lines) + "\n");
  }

  @Test
  void splitsWordsIntoTheLongestPiecesFromTheLeft() throws IOException {
    Path file =
        vocabulary("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "saw", "##ed", "##e", "wood", ".");
    Tokenizer tokenizer = Tokenizers.wordPiece(file);
    assertEquals(
        List.of("[CLS]", "saw", "##ed", "wood", ".", "[SEP]"),
        tokenizer.pieces("Sawed  WOOD.", true).tokens());
    assertArrayEquals(
        new int[] {2, 8, 3, 5, 1, 4, 3}, tokenizer.encodePair("wood", "saw kerf [MASK]").ids());
    assertArrayEquals(
        new int[] {0, 0, 0, 1, 1, 1, 1},
        tokenizer.encodePair("wood", "saw kerf [MASK]").segments());
    assertEquals(4, tokenizer.maskId().getAsInt());
    assertEquals(1, tokenizer.unknownId().getAsInt());
    assertEquals(0, tokenizer.padId().getAsInt());
    assertTrue(tokenizer.bosId().isEmpty());
    assertEquals("sawed wood.", tokenizer.decode(new int[] {2, 5, 6, 8, 9, 3}, true));
  }

  @Test
  void refusesANullAndLivesThroughTextsThatAreNoUnicode() throws IOException {
    Tokenizer tokenizer =
        Tokenizers.wordPiece(vocabulary("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "saw"));
    assertThrows(NullPointerException.class, () -> tokenizer.encode(null, true));
    assertThrows(NullPointerException.class, () -> tokenizer.encodePair("saw", null));
    assertThrows(NullPointerException.class, () -> tokenizer.pieces(null, true));
    assertThrows(NullPointerException.class, () -> tokenizer.decode(null, true));
    assertEquals(5, tokenizer.encode("saw \uD800", false)[0]);
    assertEquals("saw", tokenizer.decode(new int[] {-1, 5, 99}, true));
  }

  @Test
  void isCasedIfAWordHasACapital() throws IOException {
    Path file = vocabulary("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "Saw", "saw");
    assertArrayEquals(new int[] {5, 6}, Tokenizers.wordPiece(file).encode("Saw saw", false));
    assertArrayEquals(new int[] {6, 6}, Tokenizers.wordPiece(file, true).encode("Saw saw", false));
  }

  @Test
  void readsAFolderAsItsSettingsSay() throws IOException {
    vocabulary("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "Saw", "saw");
    assertArrayEquals(new int[] {5}, Tokenizers.read(folder).encode("Saw", false));
    Files.writeString(folder.resolve("tokenizer_config.json"), "{\"do_lower_case\": true}");
    assertArrayEquals(new int[] {6}, Tokenizers.read(folder).encode("Saw", false));
  }

  @TestFactory
  Stream<DynamicTest> givesTheSameIdsAsTheTokenizerJsonOfTheSameVocabulary() {
    List<Path> wordPieces =
        Fixtures.cases("models", "*").stream()
            .filter(m -> Files.exists(m.resolve("tokenizer.json")))
            .filter(m -> Json.read(m.resolve("config.json")).at("model_type").text().equals("bert"))
            .toList();
    assertTrue(!wordPieces.isEmpty(), "no BERT model in " + Fixtures.root());
    return wordPieces.stream()
        .map(model -> dynamicTest(model.getFileName().toString(), () -> agrees(model)));
  }

  private void agrees(Path model) throws IOException {
    Tokenizer expected = Tokenizers.read(model);
    String[] lines = new String[expected.vocabularySize()];
    for (int id = 0; id < lines.length; id++) {
      lines[id] = expected.token(id);
    }
    Json normalizer = Json.read(model.resolve("tokenizer.json")).at("normalizer");
    Tokenizer seen = Tokenizers.wordPiece(vocabulary(lines), normalizer.at("lowercase").bool());
    for (Json text : Json.read(model.resolve("golden.json")).at("tokenizer").at("cases").items()) {
      assertArrayEquals(
          text.at("ids").integers(), seen.encode(text.at("text").text(), true), text.toString());
    }
  }

  @Test
  void rejectsAVocabularyThatIsNotBerts() throws IOException {
    Path file = vocabulary("[PAD]", "[UNK]", "saw");
    var error = assertThrows(IllegalArgumentException.class, () -> Tokenizers.wordPiece(file));
    assertEquals(
        file + " has no line [CLS]: it is not the vocabulary of a BERT model", error.getMessage());
  }

  @Test
  void rejectsATokenThatStandsTwice() throws IOException {
    Path file = vocabulary("[UNK]", "[CLS]", "[SEP]", "saw", "saw");
    var error = assertThrows(IllegalArgumentException.class, () -> Tokenizers.wordPiece(file));
    assertEquals(file + ":5: 'saw' is already on line 4", error.getMessage());
  }

  @Test
  void rejectsAFolderWithoutTokenizer() {
    var error = assertThrows(IllegalArgumentException.class, () -> Tokenizers.read(folder));
    assertEquals(
        folder + " has no tokenizer: expected tokenizer.json or vocab.txt in it",
        error.getMessage());
  }

  @Test
  void rejectsWhatIsNoText() throws IOException {
    Path file = folder.resolve("vocab.txt");
    Files.write(file, new byte[] {'a', (byte) 0xff, '\n'});
    var error = assertThrows(FormatException.class, () -> Tokenizers.wordPiece(file));
    assertEquals(file + " is not UTF-8 text: get it again", error.getMessage());
  }

  /** Such a file may be no vocabulary at all: it is not read into memory to find out. */
  @Test
  void rejectsAVocabularyOfAbsurdSize() throws IOException {
    Path file = folder.resolve("vocab.txt");
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(1L << 32);
    }
    var error = assertThrows(FormatException.class, () -> Tokenizers.wordPiece(file));
    assertEquals(
        file + " has 4294967296 bytes, a vocabulary is read up to 268435456", error.getMessage());
    var json = assertThrows(JsonException.class, () -> Json.read(file));
    assertEquals(
        file + " has 4294967296 bytes, a document is read up to 268435456", json.getMessage());
  }

  @Test
  void rejectsATextThatATokenizerCannotEncode() throws IOException {
    Path file = folder.resolve("tokenizer.json");
    Files.writeString(
        file, "{\"model\":{\"type\":\"WordLevel\",\"vocab\":{\"a\":0},\"unk_token\":\"?\"}}");
    Tokenizer tokenizer = Tokenizers.read(folder);
    var error = assertThrows(FormatException.class, () -> tokenizer.encode("b", true));
    assertTrue(
        error.getMessage().startsWith(file + " defines a tokenizer that cannot encode a text: "),
        error.getMessage());
  }

  /** Found by damaged files: what stands around a text has numbers of its own. */
  @Test
  void rejectsIdsAndSegmentsThatNoVocabularyHas() throws IOException {
    Path file = folder.resolve("tokenizer.json");
    String message =
        file + " gives a token an id or a segment of 2^31 or more, past any vocabulary";
    Files.writeString(file, wrapped("'BertProcessing','sep':['a',2147483648],'cls':['a',0]"));
    Tokenizer ids = Tokenizers.read(folder);
    assertEquals(
        message, assertThrows(FormatException.class, () -> ids.encode("a", true)).getMessage());
    Files.writeString(
        file,
        wrapped(
            "'TemplateProcessing','single':[],'pair':[{'Sequence':{'id':'A','type_id':4294967295}}],"
                + "'special_tokens':{}"));
    Tokenizer segments = Tokenizers.read(folder);
    assertEquals(
        message,
        assertThrows(FormatException.class, () -> segments.encodePair("a", "a")).getMessage());
  }

  private static String wrapped(String processor) {
    return "{'model':{'type':'WordLevel','vocab':{'a':0},'unk_token':'a'},'post_processor':{'type':%s}}"
        .formatted(processor)
        .replace('\'', '"');
  }

  @Test
  void rejectsABrokenTokenizerJson() throws IOException {
    Path file = folder.resolve("tokenizer.json");
    Files.writeString(
        file, "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": 7}}");
    var error = assertThrows(IllegalArgumentException.class, () -> Tokenizers.read(folder));
    assertTrue(
        error.getMessage().startsWith(file + " is no tokenizer that the tokenizers library reads"),
        error.getMessage());
  }
}
