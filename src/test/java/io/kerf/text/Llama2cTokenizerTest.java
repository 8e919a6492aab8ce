package io.kerf.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kerf.format.FormatException;
import io.kerf.format.Llama2cBytes;
import io.kerf.format.Llama2cFile;
import io.kerf.format.Llama2cVocabulary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Llama2cTokenizerTest {
  private static final int FIRST = 259; // id of the first token that is neither control nor byte
  private static final List<String> MORE =
      List.of("aaa", "aba", " ab", "aa", "ba", "  ", " a", "ab", "c", "b", "a", " ", "é");

  @TempDir Path folder;

  private Llama2cVocabulary vocabulary(List<String> more) throws IOException {
    Path file = folder.resolve("tokenizer.bin");
    Files.write(file, Llama2cBytes.vocabulary(more));
    return Llama2cVocabulary.open(file, FIRST + more.size());
  }

  @Test
  void mergesByScoreAfterASpaceAndSpellsTheRestByBytes() throws IOException {
    Tokenizer tokenizer = Llama2cTokenizer.of(vocabulary(MORE));
    // " abcż": "ab" before " a", which leaves " " "ab"; ż is C5 BC
    int space = FIRST + MORE.indexOf(" ");
    int whole = FIRST + MORE.indexOf(" ab");
    int c = FIRST + MORE.indexOf("c");
    assertArrayEquals(new int[] {1, whole, c, 3 + 0xc5, 3 + 0xbc}, tokenizer.encode("abcż", true));
    assertArrayEquals(new int[] {1}, tokenizer.encode("", true));
    assertArrayEquals(
        new int[] {space, 3 + '!'}, tokenizer.encode("!", false), "a byte is its value plus 3");
    assertEquals("abcż", tokenizer.decode(tokenizer.encode("abcż", true), true));
    assertEquals(1, tokenizer.bosId().orElseThrow());
    assertEquals(2, tokenizer.eosId().orElseThrow());
  }

  @Test
  void agreesWithTheProgramsOwnLoopOnAnyText() throws IOException {
    assertAgreement(vocabulary(MORE), List.of("a", "b", "c", " ", "é", "ż", "\n", "🙂"));
  }

  /** The vocabulary of a real model, on pieces of its own tokens. */
  @Tag("shared")
  @Test
  void agreesWithTheProgramsOwnLoopOnARealVocabulary() throws IOException {
    Path folder = Path.of(System.getProperty("kerf.shared"), "models");
    assumeTrue(Files.isDirectory(folder), folder + " is absent");
    int seen = 0;
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".bin")).toList()) {
        if (file.getFileName().toString().startsWith("tok")) {
          continue;
        }
        int size = Llama2cFile.open(file).header().vocabulary();
        Path beside = file.resolveSibling("tok" + size + ".bin");
        Llama2cVocabulary vocabulary = Llama2cVocabulary.open(beside, size);
        assertAgreement(vocabulary, vocabulary.tokens().subList(FIRST, size));
        assertAgreement(vocabulary, List.of(" ", "a", "e", "\n", "=", "h", "t", "ü"));
        seen++;
      }
    }
    assumeTrue(seen > 0, "no file of llama2.c in " + folder);
  }

  private static void assertAgreement(Llama2cVocabulary vocabulary, List<String> pieces) {
    Tokenizer tokenizer = Llama2cTokenizer.of(vocabulary);
    Random random = new Random(7);
    for (int round = 0; round < 500; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(30); i > 0; i--) {
        text.append(pieces.get(random.nextInt(pieces.size())));
      }
      int[] expected = asRunCDoes(vocabulary, text.toString());
      assertArrayEquals(expected, tokenizer.encode(text.toString(), false), () -> "'" + text + "'");
    }
  }

  /** Joins the best-scored pair of neighbours, the first of equals, until there is none. */
  private static int[] asRunCDoes(Llama2cVocabulary vocabulary, String text) {
    List<Integer> ids = new ArrayList<>();
    (text.isEmpty() ? "" : " " + text)
        .codePoints()
        .forEach(
            point -> {
              String character = Character.toString(point);
              int id = vocabulary.tokens().indexOf(character);
              if (id >= 0) {
                ids.add(id);
              } else {
                for (byte value : character.getBytes(StandardCharsets.UTF_8)) {
                  ids.add((value & 0xff) + 3);
                }
              }
            });
    while (true) {
      int best = -1;
      int merged = -1;
      for (int i = 0; i + 1 < ids.size(); i++) {
        String pair = vocabulary.tokens().get(ids.get(i)) + vocabulary.tokens().get(ids.get(i + 1));
        int id = vocabulary.tokens().indexOf(pair);
        if (id >= 0 && (best < 0 || vocabulary.scores()[id] > vocabulary.scores()[merged])) {
          best = i;
          merged = id;
        }
      }
      if (best < 0) {
        return ids.stream().mapToInt(Integer::intValue).toArray();
      }
      ids.set(best, merged);
      ids.remove(best + 1);
    }
  }

  @Test
  void refusesVocabulariesThatTheProgramWouldNotUnderstand() throws IOException {
    assertMessage(
        "tokenizer.bin: token 260 'a' is already token 259", vocabulary(List.of("a", "a")));
    Llama2cVocabulary good = vocabulary(List.of("a", "b", "ab", "ba"));
    List<String> tokens = new ArrayList<>(good.tokens());
    tokens.set(5, "x");
    assertMessage(
        "tokenizer.bin: token 5 must be <0x02>, was 'x'",
        new Llama2cVocabulary("tokenizer.bin", tokens, good.scores()));
    assertMessage(
        "tokenizer.bin: token 3 must be <0x00>, was absent",
        new Llama2cVocabulary("tokenizer.bin", good.tokens().subList(0, 3), new float[3]));
    float[] scores = good.scores().clone();
    scores[261] = scores[262];
    assertMessage(
        "tokenizer.bin: tokens 'ab' and 'ba' have one score, -1.0, so that neither is merged first",
        new Llama2cVocabulary("tokenizer.bin", good.tokens(), scores));
  }

  private static void assertMessage(String message, Llama2cVocabulary vocabulary) {
    var error = assertThrows(FormatException.class, () -> Llama2cTokenizer.of(vocabulary));
    assertEquals(message, error.getMessage());
  }
}
