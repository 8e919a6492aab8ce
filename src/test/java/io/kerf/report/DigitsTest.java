package io.kerf.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.columns.Column;

class DigitsTest {
  private static List<String> cells(Column<?> column) {
    Digits digits = Digits.of(column);
    return IntStream.range(0, column.size()).mapToObj(digits::cell).toList();
  }

  @Test
  void fractionsShowFourDecimals() {
    assertEquals(
        List.of("0.1410", "0.0877", "0.0000"),
        cells(DoubleColumn.create("score", 0.14098, 0.08765, 0)));
  }

  @Test
  void oneColumnHasOneNumberOfDecimals() {
    assertEquals(
        List.of("24.31", "7.00", "0.12"),
        cells(DoubleColumn.create("perplexity", 24.3141, 7, .1234)));
  }

  @Test
  void thousandsShowNone() {
    assertEquals(
        List.of("1,235", "1"), cells(DoubleColumn.create("tokens/s", 1234.5678, 0.987654)));
  }

  @Test
  void besideThousandsTheSmallestKeepsThreeDigits() {
    assertEquals(
        List.of("20.1", "17,037.6", "0.3"),
        cells(DoubleColumn.create("perplexity", 20.0844, 17037.6123, 0.3217)));
  }

  @Test
  void noZeroIsNegative() {
    assertEquals(
        List.of("0.0000", "-0.1410"), cells(DoubleColumn.create("drop", -0.00001, -0.14098)));
  }

  @Test
  void noMoreDecimalsThanTheValuesNeed() {
    assertEquals(List.of("0.5", "0.0", "0.9"), cells(DoubleColumn.create("sparsity", .5, 0, .9)));
    assertEquals(List.of("0.25", "0.50"), cells(DoubleColumn.create("sparsity", .25, .5)));
  }

  @Test
  void wholeNumbersHaveNone() {
    assertEquals(List.of("32", "8"), cells(DoubleColumn.create("bits", 32, 8)));
    assertEquals(List.of("433,270,016"), cells(LongColumn.create("bytes", 433_270_016L)));
    assertEquals(List.of("-3"), cells(IntColumn.create("n", new int[] {-3})));
  }

  @Test
  void tinyValuesKeepTwoDigits() {
    assertEquals(List.of("0.00012"), cells(DoubleColumn.create("loss", 0.000123456)));
  }

  @Test
  void whatIsLittleIsNotNothing() {
    assertEquals(
        List.of("0.1235", "<0.0001", "0.0000"), cells(DoubleColumn.create("p", 0.12345, 1e-30, 0)));
    assertEquals(List.of("1.0", "<0.0001"), cells(DoubleColumn.create("p", 1, 1e-30)));
  }

  @Test
  void missingAndInfiniteValuesAreSaid() {
    DoubleColumn column = DoubleColumn.create("x", 0.5, Double.NaN, Double.POSITIVE_INFINITY);
    assertEquals(List.of("0.5", Digits.MISSING, "Infinity"), cells(column));
  }

  @Test
  void textIsItself() {
    assertEquals(List.of("a", Digits.MISSING), cells(StringColumn.create("s", "a", "")));
  }
}
