package io.kerf.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.Fixtures;
import io.kerf.engine.Session;
import io.kerf.engine.WeightFormat;
import io.kerf.model.Family;
import io.kerf.model.Model;
import io.kerf.model.ModelReader;
import io.kerf.model.Role;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class QueryTest {
  private static final SourceText TEXT = SourceText.of(Path.of("datasets/text/held-out.txt"));

  private static Model first(Family.Kind kind) {
    return Fixtures.cases("models", "*").stream()
        .map(ModelReader::read)
        .filter(m -> m.config().family().kind() == kind)
        .findFirst()
        .orElseThrow();
  }

  private static double linear(Model model) {
    return model.blocks().stream()
        .flatMap(block -> block.parameters().entrySet().stream())
        .filter(entry -> entry.getKey().isBlockLinear())
        .mapToDouble(entry -> entry.getValue().elements())
        .sum();
  }

  /** One token read and one predicted go through every linear layer once. */
  @TestFactory
  Stream<DynamicTest> aTokenTakesTwoOperationsForEachWeight() {
    return Fixtures.cases("models", "*").stream()
        .map(ModelReader::read)
        .filter(m -> m.config().family().kind() == Family.Kind.CAUSAL)
        .filter(m -> !m.shared().containsKey(Role.PROJECT_IN))
        .map(
            m ->
                DynamicTest.dynamicTest(
                    m.lineage().name(),
                    () -> {
                      var attention = m.config().attention();
                      double pairs =
                          4.0 * attention.heads() * attention.headWidth() * m.blocks().size();
                      double head = (double) m.config().width() * m.config().vocabulary();
                      assertEquals(
                          2 * (linear(m) + head) + pairs, new Query(1, 1).operations(m), 1e-6);
                    }));
  }

  @Test
  void onlyLengthsMatterAndTheLastTokenIsNotRead() {
    Model model = first(Family.Kind.CAUSAL);
    double head = new Query(10, 5).operations(model) - new Query(11, 4).operations(model);
    assertEquals(
        head, new Query(5, 10).operations(model) - new Query(6, 9).operations(model), 1e-6);
    assertTrue(head > 0);
  }

  @Test
  void trainingIsAPassForwardAndTwoBackward() {
    Model causal = first(Family.Kind.CAUSAL);
    double read = new Query(1, 12).operations(causal); // predicts after each of 12 tokens
    assertEquals(2 * 3 * read, Query.trainingOperations(causal, 2, 12, 12, false), 1e-9 * read);
    assertEquals(2 * 4 * read, Query.trainingOperations(causal, 2, 12, 12, true), 1e-9 * read);
    Model masked = first(Family.Kind.MASKED);
    double filled = new Query(12, 1).operations(masked);
    assertEquals(3 * filled, Query.trainingOperations(masked, 1, 12, 1, false), 1e-9 * filled);
    Model both = first(Family.Kind.ENCODER_DECODER);
    double answered = new Query(12, 3).operations(both);
    assertEquals(3 * answered, Query.trainingOperations(both, 1, 12, 3, false), 1e-9 * answered);
  }

  @TestFactory
  Stream<DynamicTest> everyModelIsAsked() {
    return Fixtures.cases("models", "*").stream()
        .map(ModelReader::read)
        .map(
            m ->
                DynamicTest.dynamicTest(
                    m.lineage().name(),
                    () -> {
                      boolean masked = m.config().family().kind() == Family.Kind.MASKED;
                      Query query = new Query(10, masked ? 1 : 3);
                      List<int[]> prompts = query.prompts(m, TEXT, 3);
                      assertEquals(3, prompts.size());
                      try (Session session = Session.open(m, WeightFormat.FLOAT32)) {
                        for (int[] prompt : prompts) {
                          assertEquals(10, prompt.length);
                          query.ask(session, prompt);
                        }
                      }
                    }));
  }

  @Test
  void whereTheTextEndsItIsReadAgain() {
    Model model = first(Family.Kind.CAUSAL);
    SourceText little = new SourceText("little", TEXT.text().substring(0, 80), TEXT.file());
    int tokens = model.tokenizer().encode(little.text(), false).length;
    List<int[]> prompts = new Query(tokens - 1, 1).prompts(model, little, 2);
    assertArrayEquals(prompts.get(0), prompts.get(1));
  }

  @Test
  void refusesWhatTheModelCannotBeAsked() {
    Model causal = first(Family.Kind.CAUSAL);
    int most = causal.config().maxPositions();
    assertEquals(
        causal.lineage().name()
            + " reads "
            + most
            + " tokens at once, a query ("
            + most
            + " tokens read, 2 written) needs "
            + (most + 1)
            + "; ask shorter ones, queries("
            + most / 2
            + ", "
            + most / 4
            + ")",
        refused(causal, new Query(most, 2), TEXT));
    Model masked = first(Family.Kind.MASKED);
    assertEquals(
        masked.lineage().name()
            + " is a masked model: a query fills one mask, was to write 4 tokens; ask"
            + " queries(12, 1)",
        refused(masked, new Query(12, 4), TEXT));
    SourceText empty = new SourceText("empty", "", TEXT.file());
    assertEquals("empty has 0 tokens, a query reads 12", refused(causal, new Query(12, 1), empty));
    assertEquals(
        "a query reads at least 1 token and writes at least 1, was 0 and 3",
        assertThrows(IllegalArgumentException.class, () -> new Query(0, 3)).getMessage());
  }

  private static String refused(Model model, Query query, SourceText text) {
    return assertThrows(IllegalArgumentException.class, () -> query.prompts(model, text, 1))
        .getMessage();
  }
}
