package io.kerf.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MetricsTest {
  private record Row(String document, Map<String, Double> values, Map<String, String> groups)
      implements Outcome {}

  private static Row row(String value, double number, String relation) {
    return new Row("d", Map.of(value, number), Map.of("relation", relation));
  }

  @Test
  void meanHasTheSampleDeviationOverRootNAsItsError() {
    var rows =
        List.of(row("acc", 1, "a"), row("acc", 0, "a"), row("acc", 0, "a"), row("acc", 1, "a"));
    Measure measure = Metrics.mean("acc").measure(rows);
    assertEquals(0.5, measure.value());
    assertEquals(Math.sqrt(1.0 / 3) / 2, measure.standardError(), 1e-12);
    assertEquals(4, measure.samples());
  }

  @Test
  void macroCountsEveryGroupTheSame() {
    var rows =
        List.of(row("P@1", 1, "a"), row("P@1", 0, "a"), row("P@1", 0, "b"), row("P@1", 0, "b"));
    assertEquals(0.25, Metrics.macro("m", "P@1", "relation").value(rows));
    var uneven = List.of(row("P@1", 1, "a"), row("P@1", 0, "b"), row("P@1", 0, "b"));
    assertEquals(0.5, Metrics.macro("m", "P@1", "relation").value(uneven));
  }

  @Test
  void macroErrorIsThatOfIndependentGroups() {
    var rows =
        List.of(row("P@1", 1, "a"), row("P@1", 0, "a"), row("P@1", 0, "b"), row("P@1", 1, "b"));
    // Each group: deviation root 1/2, error 1/2; of their mean: root(1/4 + 1/4) / 2.
    assertEquals(
        Math.sqrt(0.5) / 2, Metrics.macro("m", "P@1", "relation").standardError(rows), 1e-12);
  }

  @Test
  void perplexitiesDivideBeforeTheExponential() {
    var rows =
        List.of(
            new Row("d", Map.of("ll", -2.0, "words", 1.0), Map.of()),
            new Row("e", Map.of("ll", -4.0, "words", 5.0), Map.of()));
    assertEquals(Math.exp(3), Metrics.perplexity("p", "ll").value(rows), 1e-9);
    assertEquals(Math.E, Metrics.weightedPerplexity("w", "ll", "words").value(rows), 1e-12);
    assertEquals(1 / Math.log(2), Metrics.bitsPerByte("b", "ll", "words").value(rows), 1e-12);
  }

  @Test
  void nothingHasNoValue() {
    Measure measure = Metrics.mean("acc").measure(List.of());
    assertTrue(Double.isNaN(measure.value()));
    assertTrue(Double.isNaN(Metrics.weightedPerplexity("w", "ll", "n").value(List.of())));
    assertTrue(Double.isNaN(Metrics.perplexity("w", "ll").value(List.of())));
  }

  @Test
  void namesAValueThatIsNotThere() {
    var error =
        assertThrows(IllegalArgumentException.class, () -> row("acc", 1, "a").value("accuracy"));
    assertEquals("document d has no 'accuracy', it has [acc]", error.getMessage());
  }
}
