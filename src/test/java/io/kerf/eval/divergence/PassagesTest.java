package io.kerf.eval.divergence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.Fixtures;
import io.kerf.eval.Tokens;
import io.kerf.model.Family;
import io.kerf.model.Model;
import io.kerf.model.ModelReader;
import io.kerf.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PassagesTest {
  private static final String TEXT =
      "When a model is cut, some of what it knew is gone, and the rest is said less surely. "
          .repeat(30);

  private static List<Model> models(Family.Kind kind) {
    return Fixtures.cases("models", "*").stream()
        .map(ModelReader::read)
        .filter(model -> model.config().family().kind() == kind)
        .toList();
  }

  private static Tokens text(Model model) {
    return Tokens.of(model.tokenizer().encode(TEXT, false));
  }

  @Test
  void aCausalModelReadsDisjointWindowsOfTheText() {
    for (Model model : models(Family.Kind.CAUSAL)) {
      List<Passage> passages = Passages.of(model, 1).of("text", TEXT, 16, 3);
      Tokens read = Tokens.NONE;
      for (Passage passage : passages) {
        read = read.then(((Passage.Causal) passage).ids());
      }
      assertEquals(text(model).slice(0, 48), read);
      assertEquals(read.at(1), passages.get(0).truth(0));
      assertEquals(-1, passages.get(0).truth(15), "what follows the window is not read");
      assertEquals(read.slice(0, 3), passages.get(0).before(2));
    }
  }

  @Test
  void aMaskedModelReadsTheTextWithASeventhBehindMasks() {
    for (Model model : models(Family.Kind.MASKED)) {
      Tokenizer tokenizer = model.tokenizer();
      int mask = tokenizer.maskId().orElseThrow();
      Passage.Masked first = (Passage.Masked) Passages.of(model, 1).of("text", TEXT, 22, 3).get(0);
      assertEquals(3, first.masks().size(), "15 % of 20");
      int[] ids = first.ids().toArray();
      for (int i = 0; i < first.masks().size(); i++) {
        assertEquals(mask, ids[first.masks().at(i)]);
        ids[first.masks().at(i)] = first.hidden().at(i);
      }
      Tokens framed = Tokens.of(tokenizer.encode("a", true));
      Tokens whole = Tokens.of(ids);
      assertEquals(22, whole.size());
      assertEquals(text(model).slice(0, 20), whole.slice(1, 21));
      assertEquals(framed.at(0), whole.at(0));
      assertEquals(framed.at(framed.size() - 1), whole.at(21));
    }
  }

  @Test
  void anEncoderDecoderReadsAndWritesTheTextBetweenSentinels() {
    for (Model model : models(Family.Kind.ENCODER_DECODER)) {
      Passage.Spans first = (Passage.Spans) Passages.of(model, 1).of("text", TEXT, 40, 2).get(0);
      List<Integer> rebuilt = new ArrayList<>();
      int eos = first.context().at(first.context().size() - 1);
      assertEquals(model.tokenizer().eosId().orElseThrow(), eos);
      int sentinel = 0;
      for (int i = 0; i < first.context().size() - 1; i++) {
        int id = first.context().at(i);
        if (id == id(model, sentinel)) {
          int from = indexOf(first.written(), id);
          int to = indexOf(first.written(), id(model, ++sentinel));
          IntStream.range(from + 1, to).forEach(j -> rebuilt.add(first.written().at(j)));
        } else {
          rebuilt.add(id);
        }
      }
      assertEquals(2, sentinel, "6 of 40 tokens in spans of 3");
      assertEquals(
          text(model).slice(0, 40),
          Tokens.of(rebuilt.stream().mapToInt(Integer::intValue).toArray()));
      assertEquals(6 + 3 + 1, first.positions(), "hidden tokens, sentinels, the end");
    }
  }

  private static int id(Model model, int sentinel) {
    return model.tokenizer().id("<extra_id_" + sentinel + ">").orElseThrow();
  }

  private static int indexOf(Tokens tokens, int id) {
    return IntStream.range(0, tokens.size()).filter(i -> tokens.at(i) == id).findFirst().orElse(-1);
  }

  @Test
  void theSeedSaysWhatIsHidden() {
    Model model = models(Family.Kind.MASKED).get(0);
    var once = Passages.of(model, 1).of("text", TEXT, 24, 3);
    assertEquals(once, Passages.of(model, 1).of("text", TEXT, 24, 3));
    assertNotEquals(once, Passages.of(model, 2).of("text", TEXT, 24, 3));
    assertNotEquals(((Passage.Masked) once.get(0)).masks(), ((Passage.Masked) once.get(1)).masks());
  }

  @Test
  void thereAreNoMoreWindowsThanTheTextHas() {
    Model model = models(Family.Kind.CAUSAL).get(0);
    int tokens = text(model).size();
    assertEquals(tokens / 16, Passages.of(model, 1).of("text", TEXT, 16, 100_000).size());
  }

  @Test
  void whatCannotBeReadIsAnError() {
    Model model = models(Family.Kind.CAUSAL).get(0);
    Passages passages = Passages.of(model, 1);
    assertEquals(
        "a window needs at least 8 tokens, was 7", message(() -> passages.of("text", TEXT, 7, 1)));
    assertEquals(
        "there must be at least 1 window, was 0", message(() -> passages.of("text", TEXT, 8, 0)));
    int most = model.config().maxPositions();
    assertEquals(
        model.lineage().name() + " reads " + most + " tokens at once, a window was " + (most + 1),
        message(() -> passages.of("text", TEXT, most + 1, 1)));
    String saw = "saw";
    int tokens = model.tokenizer().encode(saw, false).length;
    assertEquals(
        "note has " + tokens + " tokens, fewer than a window of 16",
        message(() -> passages.of("note", saw, 16, 1)));
  }

  @Test
  void saysWhereItCompares() {
    assertEquals("after every token", Passages.described(Family.Kind.CAUSAL, 1));
    assertTrue(Passages.described(Family.Kind.MASKED, 7).endsWith("masked by seed 7"));
    assertTrue(Passages.described(Family.Kind.ENCODER_DECODER, 7).endsWith("by seed 7"));
  }

  private static String message(org.junit.jupiter.api.function.Executable call) {
    return assertThrows(IllegalArgumentException.class, call).getMessage();
  }
}
