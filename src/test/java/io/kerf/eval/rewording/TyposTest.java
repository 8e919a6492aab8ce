package io.kerf.eval.rewording;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TyposTest {
  private static final Typos ALWAYS = new Typos(1, 1);
  private static final String TEXT =
      "Question: How would somebody remove candle wax from a wooden table without scratches?\n"
          + "Answer:";

  private static String typed(String text) {
    return ALWAYS.reworded(text, "7", Set.of());
  }

  /** Everything that one error can make of "wood": no other comes out, and all of them do. */
  @Test
  void byHandTheErrorsOfOneWord() {
    Set<String> swapped = Set.of("wodo");
    Set<String> without = Set.of("wod", "woo");
    Set<String> doubled = Set.of("woood", "woodd");
    Set<String> beside =
        Set.of(
            "wiod", "wpod", "wkod", "wlod", "woid", "wopd", "wokd", "wold", // beside o
            "woos", "woof", "wooe", "woor", "woox", "wooc"); // beside d
    Set<String> all = new HashSet<>(swapped);
    all.addAll(without);
    all.addAll(doubled);
    all.addAll(beside);
    Set<String> seen = new HashSet<>();
    for (int document = 0; document < 2000; document++) {
      seen.add(ALWAYS.reworded("wood", "" + document, Set.of()));
    }
    assertEquals(all, seen);
  }

  @Test
  void keysLieSideBySide() {
    assertEquals(Set.of('i', 'p', 'k', 'l'), Set.copyOf(Keyboard.neighbours('o')));
    assertEquals(Set.of('w', 'a'), Set.copyOf(Keyboard.neighbours('q')));
    assertEquals(Set.of('a', 's', 'x'), Set.copyOf(Keyboard.neighbours('z')));
    assertEquals(List.of(), Keyboard.neighbours('\u00e9'));
    for (char key = 'a'; key <= 'z'; key++) {
      for (char other : Keyboard.neighbours(key)) {
        assertTrue(Keyboard.neighbours(other).contains(key), key + " and " + other);
      }
    }
  }

  @Test
  void everyWordOfFourLettersChangesByOneErrorAndNothingElseDoes() {
    String[] before = TEXT.split("(?<=\\W)|(?=\\W)");
    String[] after = typed(TEXT).split("(?<=\\W)|(?=\\W)");
    assertEquals(before.length, after.length);
    for (int i = 0; i < before.length; i++) {
      boolean word = before[i].length() >= 4 && !Set.of("Question", "Answer").contains(before[i]);
      assertEquals(word, !before[i].equals(after[i]), before[i] + " -> " + after[i]);
      assertEquals(before[i].charAt(0), after[i].charAt(0));
      assertTrue(Math.abs(before[i].length() - after[i].length()) <= 1);
    }
  }

  @Test
  void labelsAndListedChoicesAndKeptWordsStay() {
    String listed = "Passage: words\nA. words that stay\n(B) these also\nwords";
    String[] lines = typed(listed).split("\n");
    assertTrue(lines[0].startsWith("Passage: ") && !lines[0].endsWith(" words"), lines[0]);
    assertEquals("A. words that stay", lines[1]);
    assertEquals("(B) these also", lines[2]);
    assertNotEquals("words", lines[3]);
    assertEquals("Sarah", ALWAYS.reworded("Sarah", "7", Set.of("sarah")));
  }

  @Test
  void theSameSeedAndDocumentGiveTheSameErrors() {
    Typos half = new Typos(0.5, 3);
    assertEquals(half.reworded(TEXT, "1", Set.of()), half.reworded(TEXT, "1", Set.of()));
    assertNotEquals(half.reworded(TEXT, "1", Set.of()), half.reworded(TEXT, "2", Set.of()));
    assertNotEquals(
        half.reworded(TEXT, "1", Set.of()), new Typos(0.5, 4).reworded(TEXT, "1", Set.of()));
  }

  @Test
  void theRateIsTheShareOfWords() {
    String thousand = "wooden ".repeat(1000);
    String typed = new Typos(0.1, 5).reworded(thousand, "0", Set.of());
    long hit = List.of(typed.split(" ")).stream().filter(w -> !w.equals("wooden")).count();
    assertEquals(100, hit, 30);
  }

  @Test
  void wordsOfAnyScriptAreReadAndNoneBreaks() {
    Random random = new Random(2);
    for (int round = 0; round < 500; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < 40; i++) {
        int letter = random.nextInt(0x20000);
        text.appendCodePoint(Character.isDefined(letter) && letter != 0 ? letter : ' ');
      }
      String typed = typed(text.toString());
      assertTrue(typed.codePoints().count() >= 40 - 10);
    }
    assertNotEquals("\u00e9\u00e9\u00e9\u00e9", typed("\u00e9\u00e9\u00e9\u00e9"));
    assertNotEquals("AAAA".toLowerCase(Locale.ROOT), typed("aaaa"));
  }

  @Test
  void aRateThatIsNoShareIsAnError() {
    for (double rate : new double[] {0, -0.1, 10, Double.NaN}) {
      assertEquals(
          "the rate of typos must be in (0, 1], was " + rate + "; for one word in ten write 0.1",
          assertThrows(IllegalArgumentException.class, () -> new Typos(rate, 1)).getMessage());
    }
  }

  @Test
  void namesItself() {
    assertEquals("typos 10%", new Typos(0.1, 7).name());
    assertEquals("typos 2.5%", new Typos(0.025, 7).name());
    assertEquals("10% of words with a typing error, seed 7", new Typos(0.1, 7).described());
  }
}
