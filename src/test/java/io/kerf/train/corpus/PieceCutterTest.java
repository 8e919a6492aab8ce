package io.kerf.train.corpus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.kerf.eval.CharacterTokenizer;
import io.kerf.model.Model;
import io.kerf.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class PieceCutterTest {
  private static final int PIECE = 1000;

  private static List<Piece> cut(Tokenizer tokenizer, String text, int pieceChars) {
    List<Piece> pieces = new ArrayList<>();
    PieceCutter cutter = new PieceCutter(tokenizer, pieceChars, pieces::add);
    cutter.begin();
    for (int at = 0; at < text.length(); at += 37) { // as a reader hands it over
      cutter.append(text.substring(at, Math.min(text.length(), at + 37)));
    }
    cutter.end();
    return pieces;
  }

  private static int[] ids(Tokenizer tokenizer, List<Piece> pieces) {
    return pieces.stream()
        .map(piece -> piece.ids(tokenizer))
        .flatMapToInt(ids -> Arrays.stream(ids.ids()).skip(ids.from()))
        .toArray();
  }

  /** Worked by hand: a token a letter, so that the last end of a line is the place. */
  @Test
  void aLongTextIsCutBehindTheLastLineThatFits() {
    String line = "x".repeat(399) + "\n";
    List<Piece> pieces = cut(new CharacterTokenizer(false), line.repeat(3) + "end", PIECE);
    assertEquals(
        List.of(
            new Piece(true, "", line.repeat(2)),
            new Piece(false, line.substring(400 - 128), line + "end")),
        pieces);
  }

  @Test
  void aShortTextIsOnePiece() {
    String text = "a short text\nof two lines";
    assertEquals(
        List.of(new Piece(true, "", text)), cut(new CharacterTokenizer(true), text, PIECE));
  }

  @Test
  void aTextOfNothingButSpacesHasNoPiece() {
    PieceCutter cutter = new PieceCutter(new CharacterTokenizer(false), PIECE, piece -> {});
    cutter.begin();
    cutter.append(" \n\t ");
    assertFalse(cutter.end());
    cutter.begin();
    assertFalse(cutter.end());
    cutter.begin();
    cutter.append(" a");
    assertTrue(cutter.end());
  }

  @TestFactory
  Stream<DynamicTest> piecesHaveTheTokensOfTheWhole() throws IOException {
    String prose = Files.readString(Path.of("datasets/text/held-out.txt")).substring(0, 12_000);
    Random random = new Random(1);
    List<String> texts =
        List.of(
            prose,
            prose.replace("\n", "\r\n"),
            prose.replace(" ", "\n"),
            prose.replaceAll("\\s+", " "),
            prose.replace("\n", "\n\n \n"),
            prose.replace(" ", "  \t"),
            prose.replaceAll("[ \n]", ""),
            scattered(random));
    return TinyModels.all().stream()
        .flatMap(
            model ->
                IntStream.range(0, texts.size())
                    .mapToObj(
                        i ->
                            dynamicTest(
                                model.label() + " " + i, () -> check(model, texts.get(i)))));
  }

  private static void check(Model model, String text) {
    Tokenizer tokenizer = model.tokenizer();
    List<Piece> pieces = cut(tokenizer, text, PIECE);
    assertTrue(pieces.size() > text.length() / PIECE - 1, pieces.size() + " pieces");
    assertArrayEquals(tokenizer.encode(text, false), ids(tokenizer, pieces));
  }

  /** Words, digits, letters of many scripts, joined characters, spaces of all kinds. */
  private static String scattered(Random random) {
    String[] parts = {
      "word", "Ärger", "日本語", "😀", "e\u0301", "1234", "'s", "...", " ", " ", "\n", "\t", "  ",
      "\u00a0", "\u3000", "(", "\"", "-", "ﬁ", "한국", "مرحبا", "\r\n", "x"
    };
    StringBuilder text = new StringBuilder();
    while (text.length() < 6000) {
      text.append(parts[random.nextInt(parts.length)]);
    }
    return text.toString();
  }

  @Test
  void aTextWithoutAPlaceToCutIsCutBetweenCharacters() {
    String text = "😀".repeat(1000);
    Tokenizer tokenizer = new OneToken();
    List<Piece> pieces = cut(tokenizer, text, PIECE);
    assertEquals(2, pieces.size());
    pieces.forEach(piece -> assertEquals(0, piece.text().length() % 2));
    pieces.forEach(piece -> assertEquals("", piece.context()));
    assertEquals(text, String.join("", pieces.stream().map(Piece::text).toList()));
  }
}
