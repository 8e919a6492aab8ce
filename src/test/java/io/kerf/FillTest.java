package io.kerf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.kerf.engine.EncoderDecoderSession;
import io.kerf.engine.WeightFormat;
import io.kerf.json.Json;
import io.kerf.model.Family;
import io.kerf.report.FootnotedTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class FillTest {
  private static final Variant BOTH = Kerf.load(TinyVariants.folder(Family.Kind.ENCODER_DECODER));

  /** transformers' five likeliest tokens of every prompt with one mask. */
  @TestFactory
  List<DynamicTest> aMaskedModelFillsAsTransformersDoes() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Path folder : Fixtures.cases("models", "*")) {
      Json golden = Json.read(folder.resolve("golden.json"));
      if (golden.at("fill_mask").present() && Files.exists(folder.resolve("tokenizer.json"))) {
        tests.add(dynamicTest(folder.getFileName().toString(), () -> fills(folder, golden)));
      }
    }
    assertTrue(!tests.isEmpty(), "no masked model");
    return tests;
  }

  private static void fills(Path folder, Json golden) {
    Variant variant = Kerf.load(folder);
    var tokenizer = variant.model().tokenizer();
    String mask = tokenizer.token(tokenizer.maskId().orElseThrow());
    int filled = 0;
    for (Json prompt : golden.at("fill_mask").items()) {
      if (prompt.at("masks").items().size() == 1) {
        FootnotedTable table = variant.fill(prompt.at("text").text().replace(mask, "___"), 5);
        for (int i = 0; i < 5; i++) {
          Json likely = prompt.at("masks").at(0).at("top5").at(i);
          assertEquals(likely.at("token").text(), table.stringColumn("token").get(i));
          assertEquals(
              likely.at("log_prob").number(),
              Math.log(table.doubleColumn("probability").get(i)),
              1e-4);
        }
        filled++;
      }
    }
    assertTrue(filled > 0, "no prompt with one mask");
  }

  @Test
  void anEncoderDecoderFillsItsFirstSentinel() {
    FootnotedTable table = BOTH.fill("The harbour ___ before the town.", 3);
    var tokenizer = BOTH.model().tokenizer();
    int sentinel = tokenizer.id("<extra_id_0>").orElseThrow();
    int[] context = tokenizer.encode("The harbour <extra_id_0> before the town.", true);
    try (var session = EncoderDecoderSession.open(BOTH.model(), WeightFormat.FLOAT32)) {
      int start = BOTH.model().config().special().decoderStart();
      float[] logits =
          session
              .logits(
                  List.of(
                      new EncoderDecoderSession.Input(context, new int[] {start, sentinel}, 1)))[0];
      int best = 0;
      double sum = 0;
      for (int v = 0; v < logits.length; v++) {
        best = logits[v] > logits[best] ? v : best;
        sum += Math.exp(logits[v]);
      }
      String likeliest =
          best < tokenizer.vocabularySize() ? tokenizer.token(best) : "(id " + best + ")";
      assertEquals(likeliest, table.stringColumn("token").get(0));
      assertEquals(Math.exp(logits[best]) / sum, table.doubleColumn("probability").get(0), 1e-4);
    }
  }

  @Test
  void aCausalModelTellsTheNextToken() {
    FootnotedTable table = TinyVariants.CAUSAL.fill("The old clock is ___", 4);
    assertEquals(List.of("text", "token", "probability"), table.columnNames());
    assertEquals(4, table.rowCount());
    assertTrue(table.footnote().contains("float32 packed"), table.footnote());
    int vocabulary = TinyVariants.CAUSAL.model().config().vocabulary();
    FootnotedTable all = TinyVariants.CAUSAL.fill("The old clock is ___", vocabulary);
    assertEquals(1, all.doubleColumn("probability").sum(), 1e-6);
    String name = TinyVariants.CAUSAL.lineage().name();
    assertMessage(
        name
            + " is a causal language model and sees only what comes before the blank: put ___ at the"
            + " end of the text, was followed by ' is slow.'",
        TinyVariants.CAUSAL,
        "The ___ is slow.");
  }

  @Test
  void aTextHasExactlyOneBlank() {
    assertMessage(
        "the text must have exactly one blank, written ___ (three underscores); it has none: Paris",
        BOTH,
        "Paris");
    assertMessage(
        "the text must have exactly one blank, written ___ (three underscores); it has ___ and"
            + " ____: a ___ and ____",
        BOTH,
        "a ___ and ____");
    assertMessage(
        "the text must have exactly one blank, and with <extra_id_0> in its place there are 2:"
            + " write no <extra_id_0> in it",
        BOTH,
        "a ___ and <extra_id_0>");
    var error = assertThrows(IllegalArgumentException.class, () -> BOTH.fill("a ___", 0));
    int vocabulary = BOTH.model().config().vocabulary();
    assertEquals("k must be in [1, " + vocabulary + "], was 0", error.getMessage());
  }

  @Test
  void anEncoderDecoderGoesOnFromTextToText() {
    Json text =
        Json.read(TinyVariants.folder(Family.Kind.ENCODER_DECODER).resolve("golden.json"))
            .at("seq2seq")
            .at(0);
    int[] want = text.at("greedy_new_ids").integers();
    var tokenizer = BOTH.model().tokenizer();
    int eos = BOTH.model().config().special().eos();
    int end = 0;
    while (end < want.length && want[end] != eos) {
      end++;
    }
    assertEquals(
        tokenizer.decode(java.util.Arrays.copyOf(want, end), true),
        BOTH.generate(text.at("source").text(), want.length));
  }

  private static void assertMessage(String message, Variant variant, String text) {
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> variant.fill(text, 3)).getMessage());
  }
}
