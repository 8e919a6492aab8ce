package io.kerf.eval.lama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kerf.RealModels;
import io.kerf.engine.EncoderSession;
import io.kerf.engine.WeightFormat;
import io.kerf.eval.DataHome;
import io.kerf.eval.Document;
import io.kerf.eval.Evaluator;
import io.kerf.eval.Sampling;
import io.kerf.eval.TaskResult;
import io.kerf.model.ModelReader;
import io.kerf.progress.ProgressListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** BERT-base-cased on LAMA's own files, against values computed independently. */
@Tag("big")
@Tag("shared")
class RealLamaTest {
  private static EncoderSession session;

  private final DataHome home =
      DataHome.of(Path.of(System.getProperty("kerf.shared", "../shared"), "data"));

  @BeforeAll
  static void open() {
    var fetched = RealModels.fetched("bert-base-cased");
    session =
        EncoderSession.open(
            ModelReader.read(fetched, ProgressListener.NONE), WeightFormat.FLOAT32_PACKED);
  }

  @AfterAll
  static void close() {
    if (session != null) {
      session.close();
    }
  }

  /** P@1 and P@10 in percent to two digits, MRR to three. */
  @ParameterizedTest
  @CsvSource({
    "squad, 305, 14.10, 46.89, 0.250",
    "google_re/place_of_death, 765, 13.07, 29.41, 0.184",
    "trex/P19, 944, 21.08, 47.99, 0.298",
    "trex/P108, 383, 6.79, 59.53, 0.240"
  })
  void reproducesKnownScores(String name, int used, double p1, double p10, double mrr) {
    assumeTrue(Files.isDirectory(home.folders().get(0)), home + " is absent");
    TaskResult result =
        Evaluator.with(ProgressListener.NONE).run(session, Lama.in(home).task(name));
    assertEquals(used, result.outcomes().size());
    assertEquals(p1, 100 * result.measure("P@1").value(), 0.005);
    assertEquals(p10, 100 * result.measure("P@10").value(), 0.005);
    // One rank more or less at a near-tie moves it by 0.00001.
    assertEquals(mrr, result.measure("MRR").value(), 0.0005 + 0.00001);
  }

  @Test
  void answersTheFactsThatTheProjectShips() {
    TaskResult result =
        Evaluator.with(ProgressListener.NONE).run(session, Lama.in(DataHome.usual()).task("facts"));
    assertEquals(0, result.dropped().size());
    assertEquals(result.documents(), result.outcomes().size());
  }

  /** Shares counted by other means on the fifteen relations that are here. */
  @Test
  void countsTheMajorityAndTheFactsThatTheirNamesGiveAway() {
    assumeTrue(Files.isDirectory(home.folders().get(0)), home + " is absent");
    LamaTask trex = Lama.in(home).task("trex");
    List<Document> kept = trex.documents(session.model()).kept();
    assertEquals(12_595, kept.size());
    double majority = kept.stream().filter(d -> ((FactDocument) d).majority()).count();
    assertEquals(0.2112, majority / kept.size(), 5e-5);
    double easy = trex.easy().documents(session.model()).kept().size();
    assertEquals(0.1236, easy / kept.size(), 5e-5);
  }

  /** An object of one token is as likely in the filled sentence as it is in the mask's place. */
  @Test
  void theComparedProbeAgreesWithTheClozeOnObjectsOfOneToken() {
    LamaTask task =
        Lama.in(DataHome.usual()).task("facts/capital").ofEachRelation(Sampling.first(8));
    Evaluator quiet = Evaluator.with(ProgressListener.NONE);
    TaskResult cloze = quiet.run(session, task);
    TaskResult compared = quiet.run(session, task.compared(Normalisation.SUM));
    assertEquals(cloze.outcomes().size(), compared.outcomes().size());
    for (int i = 0; i < cloze.outcomes().size(); i++) {
      assertEquals(
          cloze.outcomes().get(i).value("logProbability"),
          compared.outcomes().get(i).value("logProbability"),
          1e-4);
    }
  }
}
