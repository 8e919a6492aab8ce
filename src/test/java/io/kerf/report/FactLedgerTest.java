package io.kerf.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.eval.McNemar;
import io.kerf.eval.Paired;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.knowm.xchart.XYChart;
import tech.tablesaw.api.Table;

class FactLedgerTest {
  private static final String BORN = "[X] was born in [Y] .";

  /** Of P19: one kept, two lost, one displaced; of P20: one gained, one still unknown. */
  private static final FactLedger LEDGER =
      ledger(
          row("P19", BORN, "Paris", 1, 1),
          row("P19", BORN, "Paris", 1, 9),
          row("P19", BORN, "Rome", 1, 2),
          row("P19", BORN, "Oslo", 30, 3),
          row("P20", "[X] died in [Y]", "Paris", 4, 1),
          row("P20", "[X] died in [Y]", "Rome", 7, 7));

  private static FactLedger ledger(LedgerRow... rows) {
    return new FactLedger("bert", "dense", "cut", List.of(rows), "weights 0b1f");
  }

  private static LedgerRow row(
      String relation, String template, String object, int before, int after) {
    return row("trex", relation, template, object, before, after);
  }

  private static LedgerRow row(
      String task, String relation, String template, String object, int before, int after) {
    return new LedgerRow(
        task,
        relation,
        template,
        "id",
        "Ada",
        object,
        new LedgerRow.Sight(before, -before, before == 1 ? object : "said"),
        new LedgerRow.Sight(after, -after, after == 1 ? object : "told"));
  }

  @Test
  void whatBecameOfAFactIsToldByItsRanks() {
    assertEquals(
        List.of(Fate.KEPT, Fate.LOST, Fate.LOST, Fate.DISPLACED, Fate.GAINED, Fate.UNKNOWN),
        LEDGER.rows().stream().map(LedgerRow::fate).toList());
  }

  @Test
  void oneSentenceSaysTheWhole() {
    assertEquals(
        "Of 6 facts 3 were known; 2 were lost, 1 gained (McNemar p = 1.00, flip rate 50.0 %)",
        LEDGER.sentence());
    assertEquals(
        "Of 1 fact 1 was known; 1 was lost, 0 gained (McNemar p = 1.00, flip rate 100.0 %)",
        ledger(row("P19", BORN, "Paris", 1, 2)).sentence());
    assertEquals(
        "Of 305 facts 43 were known; 12 were lost, 5 gained (McNemar p = 0.14, flip rate 5.6 %)",
        ComparisonText.sentence("fact", "known", new Paired(31, 12, 5, 257)));
    assertTrue(
        ComparisonText.sentence("fact", "known", new Paired(0, 40, 2, 0)).contains("p < 0.0001"));
    assertTrue(
        ComparisonText.sentence("fact", "known", new Paired(0, 12, 2, 0)).contains("p = 0.013"));
  }

  @Test
  void tableHasARowForEachRelationAndTotalsBelow() {
    FootnotedTable table = LEDGER.table();
    assertEquals(
        List.of("P19: X was born in Y", "P20: X died in Y"),
        table.stringColumn("relation").asList());
    assertArrayEquals(new long[] {4, 2}, table.longColumn("n").asLongArray());
    assertArrayEquals(new long[] {1, 0}, table.longColumn("kept").asLongArray());
    assertArrayEquals(new long[] {2, 0}, table.longColumn("lost").asLongArray());
    assertArrayEquals(new long[] {0, 1}, table.longColumn("gained").asLongArray());
    assertArrayEquals(new long[] {1, 0}, table.longColumn("displaced").asLongArray());
    assertArrayEquals(new double[] {.75, 0}, table.doubleColumn("P@1 before").asDoubleArray());
    assertArrayEquals(new double[] {.25, .5}, table.doubleColumn("P@1 after").asDoubleArray());
    assertArrayEquals(new double[] {-.5, .5}, table.doubleColumn("change").asDoubleArray());
    Table totals = table.totals().orElseThrow();
    assertEquals(List.of("all together", "mean of 2"), totals.stringColumn("relation").asList());
    assertEquals(6, totals.longColumn("n").get(0));
    assertEquals(-1 / 6.0, totals.doubleColumn("change").get(0), 1e-12);
    assertEquals(0, totals.doubleColumn("change").get(1), 1e-12);
    assertTrue(totals.longColumn("n").isMissing(1));
  }

  @Test
  void severalTasksHaveAColumn() {
    FactLedger both =
        ledger(row("P19", BORN, "Paris", 1, 1), row("squad", "squad", "", "Rome", 1, 2));
    assertEquals(List.of("trex", "squad"), both.table().stringColumn("task").asList());
    assertEquals(
        List.of("P19: X was born in Y", "squad"), both.table().stringColumn("relation").asList());
    assertTrue(both.facts().columnNames().contains("task"));
    assertFalse(LEDGER.facts().columnNames().contains("task"));
  }

  @Test
  void countsAddUpOverRelationsAndOverFrequencies() {
    SplittableRandom random = new SplittableRandom(5);
    List<LedgerRow> rows = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      int object = (int) Math.exp(random.nextDouble(7));
      rows.add(
          row(
              "P" + random.nextInt(9),
              "",
              "o" + object,
              random.nextInt(1, 4),
              random.nextInt(1, 4)));
    }
    FactLedger ledger = ledger(rows.toArray(LedgerRow[]::new));
    Paired all = ledger.paired();
    for (FootnotedTable table : List.of(ledger.table(), ledger.byFrequency())) {
      assertEquals(all.items(), (long) table.longColumn("n").sum());
      assertEquals(all.kept(), (long) table.longColumn("kept").sum());
      assertEquals(all.lost(), (long) table.longColumn("lost").sum());
      assertEquals(all.gained(), (long) table.longColumn("gained").sum());
      Table total = table.totals().orElseThrow();
      assertEquals(McNemar.exact(all.lost(), all.gained()), total.doubleColumn("p").get(0));
      for (int i = 0; i < table.rowCount(); i++) {
        double change = table.doubleColumn("change").get(i);
        assertTrue(table.doubleColumn("low").get(i) <= change);
        assertTrue(table.doubleColumn("high").get(i) >= change);
        assertTrue(table.doubleColumn("p Holm").get(i) >= table.doubleColumn("p").get(i));
      }
    }
    assertEquals(
        ledger.facts().rowCount(),
        Set.of(Fate.values()).stream().mapToInt(fate -> ledger.facts(fate).rowCount()).sum());
  }

  @Test
  void objectsAreCountedWithinTheirCorpus() {
    List<LedgerRow> rows = new ArrayList<>();
    for (int i = 0; i < 21; i++) {
      rows.add(row("P1", "", "often", 1, 1));
    }
    for (int i = 0; i < 6; i++) {
      rows.add(row("P1", "", "sometimes", 1, 2));
    }
    rows.add(row("P1", "", "twice", 2, 2));
    rows.add(row("P2", "", "twice", 2, 1));
    rows.add(row("P2", "", "once", 1, 1));
    rows.add(row("squad", "squad", "", "often", 1, 1));
    FootnotedTable table = ledger(rows.toArray(LedgerRow[]::new)).byFrequency();
    assertEquals(
        List.of("once", "2 to 5 times", "6 to 20 times", "more often"),
        table.stringColumn("object occurs").asList());
    assertArrayEquals(new long[] {2, 2, 6, 21}, table.longColumn("n").asLongArray());
  }

  @Test
  void factsShowWhatChangedFirst() {
    FootnotedTable facts = LEDGER.facts();
    assertEquals(
        List.of("lost", "lost", "gained", "displaced", "kept", "still unknown"),
        facts.stringColumn("fate").asList());
    assertArrayEquals(
        new double[] {9, 2, 1, 3, 1, 7}, facts.intColumn("rank after").asDoubleArray());
    assertEquals(List.of(3, 2, 3, 1, 3, 2), facts.intColumn("object occurs").asList());
    assertEquals(-9, facts.doubleColumn("log p after").get(0));
    assertEquals("told", facts.stringColumn("said after").get(0));
    assertEquals(2, LEDGER.lost().rowCount());
    assertEquals(List.of("Paris"), LEDGER.gained().stringColumn("object").asList());
  }

  @Test
  void scatterHasASeriesForEachFateAndOnePointForEqualRanks() {
    XYChart chart = LEDGER.scatter();
    assertEquals(
        List.of(
            "same rank",
            "displaced (1)",
            "still unknown (1)",
            "kept (1)",
            "gained (1)",
            "lost (2)"),
        List.copyOf(chart.getSeriesMap().keySet()));
    assertArrayEquals(new double[] {9, 2}, chart.getSeriesMap().get("lost (2)").getYData());
    XYChart twice = ledger(row("a", "", "b", 1, 1), row("a", "", "c", 1, 1)).scatter();
    assertEquals(1, twice.getSeriesMap().get("kept (2)").getXData().length);
  }

  @Test
  void aPageShowsSentenceTablesAndChart() {
    String html = LEDGER.html();
    assertTrue(html.contains("flip rate 50.0 %)."), html);
    assertTrue(html.contains("<img "), html);
    assertTrue(html.contains("fact by fact"), html);
    String text = LEDGER.text();
    assertTrue(text.startsWith(LEDGER.sentence()), text);
    assertTrue(text.contains("weights 0b1f"), text);
    assertTrue(
        ledger(row("squad", "", "a", 1, 1)).text().contains("how often the object occurs"),
        "one relation is seen by frequency");
  }

  @Test
  void nothingOfTheDataComesThroughUnescaped() {
    String evil = "<script>alert(1)</script>\" onload='x' \u202Eevil\u2066\u0007&amp;";
    LedgerRow.Sight sight = new LedgerRow.Sight(1, -1, evil);
    LedgerRow.Sight other = new LedgerRow.Sight(2, -1, evil);
    FactLedger ledger =
        new FactLedger(
            evil,
            evil,
            evil,
            List.of(
                new LedgerRow(evil, evil, evil, evil, evil, evil, sight, other),
                new LedgerRow(evil, "P1", "", evil, evil, evil, other, other)),
            evil);
    String html = ledger.html().replace(TableSort.SCRIPT, "");
    for (String mark : List.of("<script", "\" onload", "onload='", "\u202E", "\u2066", "\u0007")) {
      assertFalse(html.contains(mark), mark);
    }
    assertTrue(html.contains("&amp;amp;"));
    String svg = Picture.svg(ledger.scatter());
    for (String mark : List.of("<script", "\u202E", "\u2066", "\u0007")) {
      assertFalse(svg.contains(mark), mark);
    }
  }

  @Test
  void nothingToCompareIsAnError() {
    assertEquals(
        "no facts to compare 'dense' and 'cut' by",
        assertThrows(IllegalArgumentException.class, FactLedgerTest::ledger).getMessage());
    assertEquals(
        "a rank is 1 or more, was 0",
        assertThrows(IllegalArgumentException.class, () -> new LedgerRow.Sight(0, -1, "a"))
            .getMessage());
  }
}
