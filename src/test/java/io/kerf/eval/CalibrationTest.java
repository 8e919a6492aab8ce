package io.kerf.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.eval.Calibration.Bin;
import io.kerf.eval.Calibration.Binning;
import io.kerf.json.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CalibrationTest {
  private static Verdict verdict(double probability, boolean right) {
    return new Verdict("a", probability, right);
  }

  /** Two bins: (0, .5] holds .2 wrong and .4 right, (.5, 1] holds .6, .8 right and 1 wrong. */
  private static final List<Verdict> FIVE =
      List.of(
          verdict(0.2, false),
          verdict(0.4, true),
          verdict(0.6, true),
          verdict(0.8, true),
          verdict(1, false));

  @Test
  void byHandInBinsOfEqualWidth() {
    Calibration found = Calibration.of(FIVE, Binning.EQUAL_WIDTH, 2);
    assertEquals(new Bin(0, 0.5, 2, 0.3, 0.5), rounded(found.bins().get(0)));
    assertEquals(new Bin(0.5, 1, 3, 0.8, 0.667), rounded(found.bins().get(1)));
    assertEquals(2 / 5.0 * 0.2 + 3 / 5.0 * (0.8 - 2 / 3.0), found.error(), 1e-12);
    assertEquals(0.6, found.accuracy(), 1e-12);
    assertEquals(0.6, found.confidence(), 1e-12);
    assertEquals(0, found.overconfidence(), 1e-12);
    assertEquals((0.04 + 0.36 + 0.16 + 0.04 + 1) / 5, found.brier(), 1e-12);
  }

  @Test
  void byHandInBinsOfEqualSize() {
    Calibration found = Calibration.of(FIVE, Binning.EQUAL_MASS, 2);
    assertEquals(new Bin(0.2, 0.6, 3, 0.4, 0.667), rounded(found.bins().get(0)));
    assertEquals(new Bin(0.8, 1, 2, 0.9, 0.5), rounded(found.bins().get(1)));
    assertEquals(3 / 5.0 * (2 / 3.0 - 0.4) + 2 / 5.0 * 0.4, found.error(), 1e-12);
  }

  private static Bin rounded(Bin bin) {
    return new Bin(
        bin.low(),
        bin.high(),
        bin.samples(),
        thousandth(bin.confidence()),
        thousandth(bin.accuracy()));
  }

  private static double thousandth(double value) {
    return Math.round(value * 1000) / 1000.0;
  }

  @Test
  void aVerdictOnAnEdgeIsInTheBinBelowAndZeroInTheFirst() {
    List<Verdict> edges = List.of(verdict(0, true), verdict(0.5, true), verdict(1, true));
    assertEquals(
        List.of(2, 1),
        Calibration.of(edges, Binning.EQUAL_WIDTH, 2).bins().stream().map(Bin::samples).toList());
  }

  @Test
  void orderDoesNotMatterAndOneBinIsTheDifferenceOfMeans() {
    Random random = new Random(5);
    List<Verdict> many = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      many.add(verdict(random.nextDouble(), random.nextBoolean()));
    }
    Calibration ten = Calibration.of(many, Binning.EQUAL_WIDTH, 10);
    Calibration one = Calibration.of(many, Binning.EQUAL_WIDTH, 1);
    assertEquals(Math.abs(one.overconfidence()), one.error(), 1e-12);
    assertTrue(ten.error() >= one.error() - 1e-12, "finer bins hide less");
    Collections.shuffle(many, random);
    assertEquals(ten.error(), Calibration.of(many, Binning.EQUAL_WIDTH, 10).error(), 1e-12);
  }

  @Test
  void givesNumpysValues() {
    List<Json> cases = Json.read(Path.of("src/test/resources/measures/calibration.json")).items();
    assertFalse(cases.isEmpty());
    for (Json golden : cases) {
      double[] confidence = golden.at("confidence").numbers();
      List<Verdict> verdicts = new ArrayList<>();
      for (int i = 0; i < confidence.length; i++) {
        verdicts.add(verdict(confidence[i], golden.at("right").at(i).bool()));
      }
      int bins = golden.at("bins").integer();
      Calibration width = Calibration.of(verdicts, Binning.EQUAL_WIDTH, bins);
      Calibration mass = Calibration.of(verdicts, Binning.EQUAL_MASS, bins);
      assertEquals(golden.at("ece_equal_width").number(), width.error(), 1e-9);
      assertEquals(golden.at("ece_equal_mass").number(), mass.error(), 1e-9);
      assertEquals(golden.at("brier").number(), width.brier(), 1e-9);
      assertEquals(golden.at("accuracy").number(), width.accuracy(), 1e-9);
      assertEquals(golden.at("mean_confidence").number(), width.confidence(), 1e-9);
      assertArrayEquals(
          golden.at("counts").integers(), width.bins().stream().mapToInt(Bin::samples).toArray());
    }
  }

  @Test
  void theIntervalIsTheSameEveryTimeAndHoldsMoreWhereThereIsLess() {
    List<Verdict> many = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      many.addAll(FIVE);
    }
    Interval few = Calibration.of(FIVE, Binning.EQUAL_WIDTH, 2).errorBounds();
    Interval more = Calibration.of(many, Binning.EQUAL_WIDTH, 2).errorBounds();
    assertEquals(more, Calibration.of(many, Binning.EQUAL_WIDTH, 2).errorBounds());
    assertTrue(more.high() - more.low() < few.high() - few.low());
  }

  @Test
  void nothingToCalibrateByIsAnError() {
    assertEquals(
        "there is no verdict to calibrate by",
        message(() -> Calibration.of(List.of(), Binning.EQUAL_WIDTH, 2)));
    assertEquals(
        "there must be at least 1 bin, was 0",
        message(() -> Calibration.of(FIVE, Binning.EQUAL_WIDTH, 0)));
    assertEquals(
        "a verdict's probability must be in [0, 1], was 1.5", message(() -> verdict(1.5, true)));
    assertEquals(
        "a verdict's probability must be in [0, 1], was NaN",
        message(() -> verdict(Double.NaN, true)));
  }

  private static String message(org.junit.jupiter.api.function.Executable call) {
    return assertThrows(IllegalArgumentException.class, call).getMessage();
  }
}
