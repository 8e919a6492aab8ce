package io.kerf.name;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NamesTest {
  private static final List<String> TASKS = List.of("arc_easy", "boolq", "piqa");

  @Test
  void namesTheKindTheGivenTheMeantAndTheKnown() {
    assertEquals(
        "Unknown task 'bolq'. Did you mean: boolq? Known: arc_easy, boolq, piqa",
        Names.unknown("task", "bolq", TASKS).getMessage());
  }

  @Test
  void guessesNothingWhereNothingIsNear() {
    assertEquals(
        "Unknown task 'translation'. Known: arc_easy, boolq, piqa",
        Names.unknown("task", "translation", TASKS).getMessage());
    assertEquals(List.of(), Names.meant("", TASKS));
  }

  @Test
  void caseAndSeparatorsDoNotCount() {
    assertEquals(List.of("arc_easy"), Names.meant("ARC-Easy", TASKS));
  }

  @Test
  void aBeginningIsEnough() {
    assertEquals(
        List.of("bert-base-uncased", "bert-base-cased"),
        Names.meant("bert", List.of("bert-base-uncased", "smollm2", "bert-base-cased")));
  }

  @Test
  void listsTheClosestAndWhatIsAboutAsClose() {
    assertEquals(
        List.of("bert-base-cased"),
        Names.meant("bert-base-case", List.of("bert-base-uncased", "bert-base-cased")));
    assertEquals(List.of("siqa", "piqa"), Names.meant("iqa", List.of("siqa", "boolq", "piqa")));
  }

  @Test
  void countsEditsByHand() {
    assertEquals(3, Names.edits("kitten", "sitting"));
    assertEquals(1, Names.edits("paiq", "paqi"));
    assertEquals(4, Names.edits("", "piqa"));
  }

  @Test
  void editsAreADistanceBoundedByTheLengths() {
    Random random = new Random(1);
    for (int i = 0; i < 200; i++) {
      String a = letters(random);
      String b = letters(random);
      int edits = Names.edits(a, b);
      assertEquals(edits, Names.edits(b, a));
      assertEquals(a.equals(b), edits == 0);
      assertTrue(edits <= Math.max(a.length(), b.length()));
      assertTrue(edits >= Math.abs(a.length() - b.length()));
    }
  }

  private static String letters(Random random) {
    return random
        .ints(random.nextInt(6), 'a', 'd')
        .mapToObj(Character::toString)
        .reduce("", String::concat);
  }
}
