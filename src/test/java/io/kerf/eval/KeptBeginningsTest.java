package io.kerf.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.kerf.Fixtures;
import io.kerf.engine.DecoderSession;
import io.kerf.engine.WeightFormat;
import io.kerf.model.Family;
import io.kerf.model.Model;
import io.kerf.model.ModelReader;
import io.kerf.progress.ProgressListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Plans that keep beginnings, on every decoder of the fixtures. */
class KeptBeginningsTest {
  private static final int SHOTS = 24;
  private static final int DOCUMENT = 18;
  private static final int DOCUMENTS = 3;
  private static final int QUESTIONS = 8;

  @TestFactory
  Stream<DynamicTest> aDocumentAfterSharedShotsScoresAsItDoesAlone() {
    List<Model> models =
        Fixtures.cases("models", "*").stream()
            .map(ModelReader::read)
            .filter(m -> m.config().family().kind() == Family.Kind.CAUSAL)
            .toList();
    assertFalse(models.isEmpty(), "no decoder among the fixtures");
    return models.stream().map(m -> dynamicTest(m.lineage().name(), () -> check(m)));
  }

  private static void check(Model model) {
    RequestsTask task = new RequestsTask(Family.Kind.CAUSAL, requests(model));
    Evaluator quiet = Evaluator.with(ProgressListener.NONE);
    try (DecoderSession session = DecoderSession.open(model, WeightFormat.FLOAT32_PACKED)) {
      List<Answer> alone = RequestsTask.answers(quiet.unplanned().run(session, task));
      TaskResult planned = quiet.batchTokens(30).run(session, task);
      // The shots once, each document once, and the four tokens of every question.
      assertEquals(SHOTS + DOCUMENTS * (DOCUMENT + QUESTIONS * 4), planned.work().plannedTokens());
      for (int i = 0; i < alone.size(); i++) {
        var expected = (Answer.Likelihood) alone.get(i);
        var actual = (Answer.Likelihood) RequestsTask.answers(planned).get(i);
        assertEquals(expected.logLikelihood(), actual.logLikelihood(), 1e-5 * expected.tokens());
        assertEquals(expected.greedy(), actual.greedy());
      }
    }
  }

  /** Questions of four tokens, each with its own first, and an answer of one. */
  private static List<Request> requests(Model model) {
    Random random = new Random(3);
    int vocabulary = model.config().vocabulary();
    Tokens shots = Tokens.of(random.ints(SHOTS, 0, vocabulary).toArray());
    List<Request> requests = new ArrayList<>();
    for (int d = 0; d < DOCUMENTS; d++) {
      int[] document = random.ints(DOCUMENT, 0, vocabulary).toArray();
      document[0] = d;
      Tokens before = shots.then(Tokens.of(document));
      for (int q = 0; q < QUESTIONS; q++) {
        int[] question = random.ints(4, 0, vocabulary).toArray();
        question[0] = q;
        requests.add(
            new Request.Continuation(
                before.then(Tokens.of(question)), Tokens.of(random.nextInt(vocabulary))));
      }
    }
    return requests;
  }
}
