package io.kerf.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.eval.Paired;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private static QuestionRow row(String group, boolean before, boolean after) {
    return new QuestionRow(group, "7", "yes", before, after, "no", "<b>no</b>");
  }

  private static Comparison comparison(QuestionRow... rows) {
    return new Comparison("smol, piqa: dense to cut", "acc", List.of(rows), "weights 0b1f");
  }

  private static final Comparison PIQA =
      comparison(
          row("", true, true),
          row("", false, false),
          row("", false, true),
          row("", true, false),
          row("", true, false));

  @Test
  void oneGroupIsOneRowByTheSameTest() {
    FootnotedTable table = PIQA.table();
    assertEquals(1, table.rowCount());
    assertTrue(table.totals().isEmpty());
    assertEquals(new Paired(1, 2, 1, 1), PIQA.paired());
    assertEquals(2, table.longColumn("lost").get(0));
    assertEquals(0.6, table.doubleColumn("acc before").get(0), 1e-12);
    assertEquals(0.6, table.doubleColumn("flip rate").get(0), 1e-12);
    assertFalse(table.columnNames().contains("displaced"));
    assertEquals(
        "Of 5 questions 3 were answered right; 2 were lost, 1 gained (McNemar p = 1.00, flip rate"
            + " 60.0 %)",
        PIQA.sentence());
  }

  @Test
  void groupsHaveRowsAndTotals() {
    FootnotedTable table =
        comparison(row("a", true, false), row("b", true, true), row("a", true, true)).table();
    assertEquals(List.of("a", "b"), table.stringColumn("questions").asList());
    assertArrayEquals(
        new double[] {-1 / 3.0, -1 / 4.0},
        table.totals().orElseThrow().doubleColumn("change").asDoubleArray(),
        1e-12);
  }

  @Test
  void questionsShowWhatChangedFirst() {
    FootnotedTable questions = PIQA.questions();
    assertEquals(
        List.of("lost", "lost", "gained", "kept", "still wrong"),
        questions.stringColumn("fate").asList());
    assertEquals(
        List.of("question", "fate", "right answer", "said before", "said after"),
        questions.columnNames());
    assertEquals(2, PIQA.lost().rowCount());
    assertEquals(1, PIQA.gained().rowCount());
    Comparison silent = comparison(new QuestionRow("", "7", "", true, true, "", ""));
    assertEquals(List.of("question", "fate"), silent.questions().columnNames());
  }

  @Test
  void isShownWithWhatItHoldsEscaped() {
    assertFalse(PIQA.html().contains("<b>no"), PIQA.html());
    assertTrue(PIQA.text().startsWith(PIQA.sentence()), PIQA.text());
  }

  @Test
  void nothingToCompareIsAnError() {
    assertEquals(
        "smol, piqa: dense to cut: no questions to compare by",
        assertThrows(IllegalArgumentException.class, ComparisonTest::comparison).getMessage());
  }
}
